package io.hioload.transport.nio;

import io.hioload.buffer.Buffer;
import io.hioload.ffm.Memory;
import java.nio.ByteBuffer;

/**
 * {@link ByteBuffer} views of pool buffers, which channels insist on. Handles of a pool live long, so a direct-mapped
 * cache finds the view of most of them again. The loop's thread only.
 *
 * <p>Cost: an array look-up; a view object when another buffer took the place meanwhile.
 */
final class BufferViews {

    private static final int PLACES = 1024;

    private final Buffer[] buffers = new Buffer[PLACES];
    private final ByteBuffer[] views = new ByteBuffer[PLACES];

    /**
     * The view of some bytes.
     *
     * @param buffer holds them
     * @param offset the view's position
     * @param length the view's remaining bytes
     * @return the same object every time as long as its place is not taken; no slice, do not keep
     */
    ByteBuffer of(Buffer buffer, int offset, int length) {
        int place = (int) (buffer.address() * 0x9E3779B97F4A7C15L >>> 54);
        ByteBuffer view = views[place];
        if (buffers[place] != buffer) {
            view = Memory.ALL.asSlice(buffer.address(), buffer.capacity()).asByteBuffer();
            buffers[place] = buffer;
            views[place] = view;
        }
        return view.limit(offset + length).position(offset);
    }
}
