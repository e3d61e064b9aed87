package io.hioload.pool.internal;

import io.hioload.buffer.BufferPoolManager;
import io.hioload.buffer.BufferPoolProvider;
import io.hioload.buffer.PoolSettings;
import io.hioload.ffm.Os;
import org.osgi.service.component.annotations.Component;

/** Opens pool managers over mmap on Linux and over arenas elsewhere. Any thread; holds nothing. */
@Component(service = BufferPoolProvider.class)
public final class SlabPoolProvider implements BufferPoolProvider {

    /** For the service loader and Declarative Services. */
    public SlabPoolProvider() {
        // holds nothing
    }

    @Override
    public BufferPoolManager open(PoolSettings settings) {
        boolean hugePages = settings.hugePages();
        return new SlabPoolManager(settings, Os.current() == Os.LINUX ? new MmapSource(hugePages) : new ArenaSource(hugePages));
    }
}
