package io.hioload.websocket;

/** What became of a {@link Session#send}. */
public enum SendStatus {
    /** It will be sent. */
    ACCEPTED,
    /** It will be sent, but the queue is past its high water mark: wait for {@link WebSocketHandler#onWritable}. */
    BACKPRESSURE,
    /** It was not taken: the queue's limit or the memory ceiling is reached. Counted. */
    DROPPED,
    /** It was not taken: the session is closed or closing. */
    CLOSED
}
