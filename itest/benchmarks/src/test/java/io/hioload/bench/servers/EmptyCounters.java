package io.hioload.bench.servers;

import io.hioload.control.Counter;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** Makes a class {@link Counter} whose counting methods do nothing. Cold; one thread. */
final class EmptyCounters {

    private static final Set<String> COUNTING = Set.of("increment", "add");

    private EmptyCounters() {
    }

    static Path write(Path folder) throws IOException {
        String file = Counter.class.getName().replace('.', '/') + ".class";
        Path target = folder.resolve(file);
        Files.createDirectories(target.getParent());
        try (InputStream original = Counter.class.getClassLoader().getResourceAsStream(file)) {
            ClassFile format = ClassFile.of();
            Files.write(target, format.transformClass(format.parse(original.readAllBytes()),
                    ClassTransform.transformingMethods(EmptyCounters::counts, (method, part) -> {
                        if (part instanceof CodeModel) {
                            method.withCode(CodeBuilder::return_);
                        } else {
                            method.with(part);
                        }
                    })));
        }
        return folder;
    }

    private static boolean counts(MethodModel method) {
        return COUNTING.contains(method.methodName().stringValue());
    }
}
