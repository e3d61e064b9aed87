package io.hioload.testkit.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hioload.buffer.Buffer;
import io.hioload.buffer.BufferPool;
import io.hioload.protocol.FrameDecoder;
import io.hioload.protocol.FrameEncoder;
import io.hioload.protocol.FrameLimits;
import io.hioload.protocol.FrameListener;
import io.hioload.protocol.Opcode;
import io.hioload.protocol.PartialMessage;
import io.hioload.protocol.Role;
import io.hioload.testkit.buffer.CheckedBufferPoolManager;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PlainFrameCodecTest {

    private final CheckedBufferPoolManager memory = new CheckedBufferPoolManager();
    private final BufferPool pool = memory.shared(0);
    private final PlainFrameCodecProvider codec = new PlainFrameCodecProvider();
    private final FrameDecoder decoder = codec.decoder(Role.SERVER, new FrameLimits(100, 100, 1), pool);
    private final List<String> events = new ArrayList<>();
    private final FrameListener listener = new FrameListener() {
        private PartialMessage kept;

        @Override
        public PartialMessage partial() {
            return kept;
        }

        @Override
        public void partial(PartialMessage partial) {
            kept = partial;
        }

        @Override
        public boolean onMessage(int opcode, Buffer buffer, int offset, int length) {
            events.add(opcode + " " + buffer.memory().getStringWithoutLengthAscii(offset, length));
            return length != 4;
        }

        @Override
        public boolean onControl(int opcode, Buffer buffer, int offset, int length) {
            events.add("control " + opcode);
            return true;
        }

        @Override
        public void onClose(int code, Buffer buffer, int offset, int length) {
            events.add("close " + code + " " + buffer.memory().getStringWithoutLengthAscii(offset, length));
        }

        @Override
        public void onViolation(int code, String reason) {
            events.add("violation " + code + " " + reason);
        }
    };

    private int decode(byte... bytes) {
        Buffer buffer = pool.acquire(bytes.length);
        buffer.memory().putBytes(0, bytes);
        int consumed = decoder.decode(listener, buffer, 0, bytes.length);
        buffer.release();
        return consumed;
    }

    @AfterEach
    void allBack() {
        memory.assertNoLeaks();
    }

    @Test
    void shouldDecodeFramesWhereverTheInputIsCut() {
        byte[] frame = PlainFrameCodecProvider.text("hello");
        for (byte one : frame) {
            assertEquals(1, decode(one));
        }
        decode(PlainFrameCodecProvider.frame(Opcode.PING));
        decode(PlainFrameCodecProvider.frame(Opcode.CLOSE, (byte) 3, (byte) 0xE8, (byte) 'x'));
        assertEquals(List.of("1 hello", "control 9", "close 1000 x"), events);
    }

    @Test
    void shouldStopWhenTheListenerSaysSo() {
        byte[] stop = PlainFrameCodecProvider.text("stop");
        byte[] two = new byte[stop.length + 3];
        System.arraycopy(stop, 0, two, 0, stop.length);
        assertEquals(stop.length, decode(two));
    }

    @Test
    void shouldRefuseWhatIsTooBigOrUnknown() {
        decode((byte) 1, (byte) 0, (byte) 101);
        decode(PlainFrameCodecProvider.frame(7));
        assertEquals(List.of("violation 1009 message too big", "violation 1002 unknown opcode"), events);
    }

    @Test
    void shouldEncodeWhatItDecodes() {
        FrameEncoder encoder = codec.encoder(Role.CLIENT);
        UnsafeBuffer target = new UnsafeBuffer(new byte[20]);
        int length = encoder.encode(target, 0, Opcode.TEXT, true, new UnsafeBuffer("abc".getBytes()), 0, 3);
        byte[] wire = new byte[length];
        target.getBytes(0, wire);
        assertArrayEquals(PlainFrameCodecProvider.text("abc"), wire);
        target.putBytes(10, "xy".getBytes());
        assertEquals(10 - encoder.headerLength(2), encoder.prepend(target, 10, Opcode.BINARY, true, 2));
        assertEquals(Opcode.BINARY, target.getByte(7));
    }
}
