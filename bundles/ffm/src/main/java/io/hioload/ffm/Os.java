package io.hioload.ffm;

import java.util.Locale;

/** The operating systems that native code distinguishes. Any thread; costs a field read. */
public enum Os {

    /** Linux, with glibc or musl. */
    LINUX,
    /** macOS. */
    MACOS,
    /** Windows. */
    WINDOWS,
    /** Any other: treated as one without native functions. */
    OTHER;

    private static final Os CURRENT = of(System.getProperty("os.name", ""));

    /**
     * The one this process runs on.
     *
     * @return never null
     */
    public static Os current() {
        return CURRENT;
    }

    static Os of(String osName) {
        String name = osName.toLowerCase(Locale.ROOT);
        if (name.startsWith("linux")) {
            return LINUX;
        }
        if (name.startsWith("mac")) {
            return MACOS;
        }
        return name.startsWith("windows") ? WINDOWS : OTHER;
    }
}
