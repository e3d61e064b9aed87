package io.hioload.protocol.tls;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/** Writes the few forms of ASN.1 DER (X.690) that certificates and private keys need. Cold. */
final class Der {

    static final int BIT_STRING = 0x03;
    static final int OCTET_STRING = 0x04;
    static final int UTF8_STRING = 0x0C;
    static final int UTC_TIME = 0x17;
    static final int SEQUENCE = 0x30;
    static final int SET = 0x31;
    /** Context-specific, constructed: added to its number. */
    static final int EXPLICIT = 0xA0;
    /** Context-specific, primitive: added to its number. */
    static final int IMPLICIT = 0x80;

    private static final int INTEGER = 0x02;
    private static final int BOOLEAN = 0x01;
    private static final int OBJECT_IDENTIFIER = 0x06;
    private static final int SHORT_LENGTHS = 0x80;
    private static final byte[] NULL = {5, 0};

    private Der() {
    }

    /** One value: tag, length, and the contents one behind the other. */
    static byte[] of(int tag, byte[]... contents) {
        byte[] content = join(contents);
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + 6);
        out.write(tag);
        if (content.length < SHORT_LENGTHS) {
            out.write(content.length);
        } else {
            byte[] length = BigInteger.valueOf(content.length).toByteArray();
            int zeros = length[0] == 0 ? 1 : 0;
            out.write(SHORT_LENGTHS | length.length - zeros);
            out.write(length, zeros, length.length - zeros);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    static byte[] sequence(byte[]... contents) {
        return of(SEQUENCE, contents);
    }

    static byte[] integer(BigInteger value) {
        return of(INTEGER, value.toByteArray());
    }

    static byte[] flag(boolean value) {
        return of(BOOLEAN, new byte[]{(byte) (value ? 0xFF : 0)});
    }

    static byte[] nothing() {
        return NULL.clone();
    }

    static byte[] text(int tag, String text) {
        return of(tag, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A bit string of whole bytes. */
    static byte[] bits(byte[] bytes) {
        return of(BIT_STRING, new byte[1], bytes);
    }

    /** An object identifier such as {@code 2.5.29.17}. */
    static byte[] oid(String dotted) {
        String[] arcs = dotted.split("\\.");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(Integer.parseInt(arcs[0]) * 40 + Integer.parseInt(arcs[1]));
        for (int i = 2; i < arcs.length; i++) {
            int arc = Integer.parseInt(arcs[i]);
            for (int shift = 28; shift > 0; shift -= 7) {
                if (arc >>> shift != 0) {
                    out.write(arc >>> shift & 0x7F | 0x80);
                }
            }
            out.write(arc & 0x7F);
        }
        return of(OBJECT_IDENTIFIER, out.toByteArray());
    }
}
