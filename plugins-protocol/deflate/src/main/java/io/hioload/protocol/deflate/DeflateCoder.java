package io.hioload.protocol.deflate;

import io.hioload.buffer.Buffer;
import io.hioload.ffm.Memory;
import io.hioload.protocol.MessageCoder;
import io.hioload.protocol.MessageExtension;
import org.agrona.DirectBuffer;

/**
 * Compression of one session. Its reactor's thread only. Without takeover it owns nothing; with it, a compressor or a
 * decompressor from the first message on, given back when the session has been quiet: a compressor may forget at any time,
 * of a decompressor the bytes that later messages can refer to are kept.
 */
final class DeflateCoder implements MessageCoder {

    final DeflateParameters agreed;
    /** Of the reactor where the session is; null while it moves to another. */
    Deflate engine;
    /** The list of {@link Deflate}. */
    DeflateCoder older;
    DeflateCoder newer;
    long usedNs;

    private Compressor compressor;
    private Decompressor decompressor;
    /** What a resting decompressor remembers: zlib's memory, 0 for nothing. */
    private long window;
    private int windowBytes;
    private Buffer output;
    private boolean closed;

    DeflateCoder(DeflateParameters agreed) {
        this.agreed = agreed;
    }

    @Override
    public String answer() {
        return agreed.answer();
    }

    @Override
    public int encodingKind() {
        return agreed.ownTakeover() ? -1 : agreed.ownBits();
    }

    @Override
    public int encode(DirectBuffer payload, int offset, int length) {
        if (length < engine.settings.minBytes()) {
            return DECLINED;
        }
        if (payload.byteArray() != null) {
            return encodeFromHeap(payload, offset, length);
        }
        return encode(payload.addressOffset() + offset, length);
    }

    private int encodeFromHeap(DirectBuffer payload, int offset, int length) {
        Buffer copy = length > engine.buffers.maxCapacity() ? null : engine.buffers.acquire(length);
        if (copy == null) {
            return NO_MEMORY;
        }
        copy.memory().putBytes(0, payload, offset, length);
        int encoded = encode(copy.address(), length);
        copy.release();
        return encoded;
    }

    private int encode(long address, int length) {
        Compressor with = agreed.ownTakeover() ? ownCompressor() : engine.sharedCompressor(agreed.ownBits());
        Buffer made = with == null ? null : with.compress(address, length, engine.buffers);
        if (made == null) {
            return NO_MEMORY;
        }
        int encoded = with.compressedBytes(made);
        if (!agreed.ownTakeover()) {
            with.reset();
        }
        // With takeover the peer has to see what later messages will refer to, even if it has not become smaller.
        if (encoded < 0 || !agreed.ownTakeover() && encoded >= length) {
            made.release();
            if (agreed.ownTakeover()) {
                with.reset();
            }
            return DECLINED;
        }
        engine.outPlainBytes.add(length);
        engine.outBytes.add(encoded);
        output = made;
        return encoded;
    }

    private Compressor ownCompressor() {
        if (compressor == null) {
            compressor = engine.opened(Compressor.open(engine.settings.level(), agreed.ownBits(), engine.settings.memoryLevel()));
        }
        engine.used(this);
        return compressor;
    }

    @Override
    public int decode(Buffer payload, int offset, int length, int maxBytes) {
        Decompressor with = agreed.peerTakeover() ? ownDecompressor() : engine.sharedDecompressor();
        if (with == null) {
            return NO_MEMORY;
        }
        int decoded = with.decompress(payload.address() + offset, length, maxBytes, engine.buffers, engine.scratch());
        if (!agreed.peerTakeover()) {
            with.reset();
        }
        if (decoded < 0) {
            engine.failures.increment();
            return decoded;
        }
        engine.inBytes.add(length);
        engine.inPlainBytes.add(decoded);
        output = with.takeOutput();
        return decoded;
    }

    private Decompressor ownDecompressor() {
        if (decompressor == null) {
            decompressor = engine.opened(Decompressor.open(agreed.peerBits()));
            if (decompressor != null && window != 0) {
                decompressor.remember(window, windowBytes);
                freeWindow();
            }
        }
        engine.used(this);
        return decompressor;
    }

    @Override
    public Buffer takeOutput() {
        Buffer taken = output;
        output = null;
        return taken;
    }

    @Override
    public void discard() {
        takeOutput().release();
        if (compressor != null) {
            compressor.reset();
        }
    }

    /** The session has been quiet: gives back what can be made anew. */
    void rest() {
        engine.released.increment();
        closeCompressor();
        if (decompressor != null) {
            int bytes = decompressor.remembered(engine.scratch());
            if (bytes > 0) {
                window = Zlib.allocate(bytes);
                if (window == 0) {
                    return; // no memory: then it stays as it is
                }
                windowBytes = bytes;
                Memory.copy(engine.scratch(), window, bytes);
                engine.memory.add(bytes);
            }
            closeDecompressor();
        }
    }

    @Override
    public void leave() {
        engine.unlink(this);
        engine.memory.add(-heldBytes());
        engine.leave(this);
        engine = null;
    }

    @Override
    public void enter(MessageExtension to) {
        ((Deflate) to).enter(this);
        engine.memory.add(heldBytes());
        if (compressor != null || decompressor != null) {
            engine.used(this);
        }
    }

    private int heldBytes() {
        return (compressor == null ? 0 : compressor.memoryBytes()) + (decompressor == null ? 0 : decompressor.memoryBytes()) + windowBytes;
    }

    private void closeCompressor() {
        if (compressor != null) {
            engine.memory.add(-compressor.memoryBytes());
            compressor.close();
            compressor = null;
        }
    }

    private void closeDecompressor() {
        if (decompressor != null) {
            engine.memory.add(-decompressor.memoryBytes());
            decompressor.close();
            decompressor = null;
        }
    }

    private void freeWindow() {
        engine.memory.add(-windowBytes);
        Zlib.free(window);
        window = 0;
        windowBytes = 0;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (engine != null) {
            leave();
        }
        if (compressor != null) {
            compressor.close();
        }
        if (decompressor != null) {
            decompressor.close();
        }
        Zlib.free(window);
    }
}
