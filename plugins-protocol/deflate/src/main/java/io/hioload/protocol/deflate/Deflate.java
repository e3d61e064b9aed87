package io.hioload.protocol.deflate;

import io.hioload.buffer.BufferPool;
import io.hioload.control.Counter;
import io.hioload.control.Counters;
import io.hioload.protocol.ExtensionOffer;
import io.hioload.protocol.MessageCoder;
import io.hioload.protocol.MessageExtension;

/**
 * Compression on one reactor in one role. Its thread only. Owns the streams that sessions without takeover share, one for
 * each window that was agreed on, made when first needed; and the list of the sessions that have streams of their own, by
 * when they were last used.
 *
 * <p>Counts in the reactor's counters: deflate.sessions, deflate.memory.bytes (of zlib, for the streams that are open now),
 * deflate.out.bytes and deflate.out.plain.bytes, deflate.in.bytes and deflate.in.plain.bytes, deflate.released (streams
 * given back by quiet sessions), deflate.declined (offers that could not be accepted), deflate.failures (messages that were
 * none or too big).
 */
final class Deflate implements MessageExtension {

    final DeflateSettings settings;
    final BufferPool buffers;
    final Counter sessions;
    final Counter memory;
    final Counter outBytes;
    final Counter outPlainBytes;
    final Counter inBytes;
    final Counter inPlainBytes;
    final Counter released;
    final Counter failures;

    private final Counter declined;
    private final Compressor[] sharedCompressors = new Compressor[Decompressor.MAX_BITS + 1];
    private final long scratch = scratchMemory();
    private Decompressor sharedDecompressor;
    /** Sessions that hold streams of their own; the one used last is last. */
    private DeflateCoder oldest;
    private DeflateCoder newest;
    private long nowNs = System.nanoTime();
    /** What the sessions with takeover may come to take. */
    private long promisedBytes;

    Deflate(DeflateSettings settings, BufferPool buffers, Counters counters) {
        this.settings = settings;
        this.buffers = buffers;
        this.sessions = counters.counter("deflate.sessions");
        this.memory = counters.counter("deflate.memory.bytes");
        this.outBytes = counters.counter("deflate.out.bytes");
        this.outPlainBytes = counters.counter("deflate.out.plain.bytes");
        this.inBytes = counters.counter("deflate.in.bytes");
        this.inPlainBytes = counters.counter("deflate.in.plain.bytes");
        this.released = counters.counter("deflate.released");
        this.declined = counters.counter("deflate.declined");
        this.failures = counters.counter("deflate.failures");
    }

    private static long scratchMemory() {
        long memory = Zlib.allocate(Decompressor.SCRATCH_BYTES);
        if (memory == 0) {
            throw new OutOfMemoryError("no native memory for " + Decompressor.SCRATCH_BYTES + " bytes of scratch space");
        }
        return memory;
    }

    @Override
    public String offer() {
        return DeflateParameters.offer(settings);
    }

    @Override
    public MessageCoder accept(ExtensionOffer offer) {
        DeflateParameters agreed = DeflateParameters.accept(offer, settings, true);
        if (agreed != null && promisedBytes + settings.sessionBytes(agreed) > settings.memoryBytes()) {
            agreed = DeflateParameters.accept(offer, settings, false);
        }
        if (agreed == null) {
            declined.increment();
        }
        return begin(agreed);
    }

    @Override
    public MessageCoder accepted(ExtensionOffer answer) {
        return begin(DeflateParameters.accepted(answer, settings));
    }

    private DeflateCoder begin(DeflateParameters agreed) {
        if (agreed == null) {
            return null;
        }
        DeflateCoder coder = new DeflateCoder(agreed);
        enter(coder);
        return coder;
    }

    void enter(DeflateCoder coder) {
        coder.engine = this;
        promisedBytes += settings.sessionBytes(coder.agreed);
        sessions.increment();
    }

    void leave(DeflateCoder coder) {
        promisedBytes -= settings.sessionBytes(coder.agreed);
        sessions.add(-1);
    }

    /** The compressor of all sessions without takeover that have agreed on this window; null when out of memory. */
    Compressor sharedCompressor(int windowBits) {
        Compressor compressor = sharedCompressors[windowBits];
        if (compressor == null) {
            compressor = opened(Compressor.open(settings.level(), windowBits, settings.memoryLevel()));
            sharedCompressors[windowBits] = compressor;
        }
        return compressor;
    }

    /** The decompressor of all sessions whose peers have no takeover: the largest window fits all. */
    Decompressor sharedDecompressor() {
        if (sharedDecompressor == null) {
            sharedDecompressor = opened(Decompressor.open(Decompressor.MAX_BITS));
        }
        return sharedDecompressor;
    }

    Compressor opened(Compressor compressor) {
        if (compressor != null) {
            memory.add(compressor.memoryBytes());
        }
        return compressor;
    }

    Decompressor opened(Decompressor decompressor) {
        if (decompressor != null) {
            memory.add(decompressor.memoryBytes());
        }
        return decompressor;
    }

    /** Memory for one call at a time, see {@link Decompressor#SCRATCH_BYTES}. */
    long scratch() {
        return scratch;
    }

    /** A session uses streams of its own. */
    void used(DeflateCoder coder) {
        coder.usedNs = nowNs;
        if (newest == coder) {
            return;
        }
        unlink(coder);
        coder.older = newest;
        if (newest == null) {
            oldest = coder;
        } else {
            newest.newer = coder;
        }
        newest = coder;
    }

    void unlink(DeflateCoder coder) {
        if (coder.older != null) {
            coder.older.newer = coder.newer;
        } else if (oldest == coder) {
            oldest = coder.newer;
        }
        if (coder.newer != null) {
            coder.newer.older = coder.older;
        } else if (newest == coder) {
            newest = coder.older;
        }
        coder.older = null;
        coder.newer = null;
    }

    @Override
    public void sweep(long now) {
        nowNs = now;
        while (oldest != null && now - oldest.usedNs >= settings.idleNs()) {
            DeflateCoder quiet = oldest;
            unlink(quiet);
            quiet.rest();
        }
    }

    @Override
    public void close() {
        for (int bits = 0; bits < sharedCompressors.length; bits++) {
            if (sharedCompressors[bits] != null) {
                memory.add(-sharedCompressors[bits].memoryBytes());
                sharedCompressors[bits].close();
                sharedCompressors[bits] = null;
            }
        }
        if (sharedDecompressor != null) {
            memory.add(-sharedDecompressor.memoryBytes());
            sharedDecompressor.close();
            sharedDecompressor = null;
        }
        Zlib.free(scratch);
    }
}
