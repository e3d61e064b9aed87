package io.hioload.websocket;

/** The two types of WebSocket messages (RFC 6455, section 5.6). */
public enum MessageType {
    /** UTF-8 text, checked. */
    TEXT,
    /** Any bytes. */
    BINARY
}
