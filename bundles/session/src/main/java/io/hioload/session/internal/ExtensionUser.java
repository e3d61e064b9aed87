package io.hioload.session.internal;

import io.hioload.session.AgreedExtension;

/** A session as the extensions of its reactor see it. The reactor's thread only. */
public interface ExtensionUser {

    /**
     * What it uses.
     *
     * @return {@code null} if it uses none
     */
    AgreedExtension agreed();

    /** What it uses is going: the session closes with 1012 and does not use it any more when this returns. */
    void extensionGone();
}
