package io.hioload.session.internal;

import io.hioload.websocket.MessageStream;
import io.hioload.websocket.MessageType;
import io.hioload.websocket.SendStatus;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;

/** A message in pieces for a handler that blocks: each call is made on the session's reactor and waited for. Any other thread. */
final class BlockingPieces implements MessageStream {

    private final WebSocketSession session;
    private final MessageStream pieces;

    BlockingPieces(WebSocketSession session, MessageType type) {
        this.session = session;
        this.pieces = ask(() -> session.begin(type));
    }

    @Override
    public SendStatus append(DirectBuffer buffer, int offset, int length) {
        return ask(() -> pieces.append(buffer, offset, length));
    }

    @Override
    public SendStatus end(DirectBuffer buffer, int offset, int length) {
        return ask(() -> pieces.end(buffer, offset, length));
    }

    private <T> T ask(Supplier<T> question) {
        if (session.engine().reactor.inEventLoop()) {
            return question.get();
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        session.execute(() -> {
            try {
                answer.complete(question.get());
            } catch (Throwable e) {
                answer.completeExceptionally(e);
            }
        });
        try {
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a piece was being sent", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        }
    }
}
