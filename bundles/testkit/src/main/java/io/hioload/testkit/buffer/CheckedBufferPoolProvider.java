package io.hioload.testkit.buffer;

import io.hioload.buffer.BufferPoolProvider;
import io.hioload.buffer.PoolSettings;

/** Makes {@link CheckedBufferPoolManager}s. Any thread. */
public final class CheckedBufferPoolProvider implements BufferPoolProvider {

    /** Makes the provider; it holds nothing. */
    public CheckedBufferPoolProvider() {
    }

    @Override
    public CheckedBufferPoolManager open(PoolSettings settings) {
        return new CheckedBufferPoolManager(settings.ceilingBytes());
    }
}
