package io.hioload.protocol;

import org.osgi.annotation.versioning.ProviderType;

/** What a decoder has of a message that has not wholly arrived. Exists only as long as there is one. */
@ProviderType
public interface PartialMessage {

    /** Gives up the message and its memory: the connection is gone. Reactor thread only. */
    void discard();
}
