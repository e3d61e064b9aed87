package io.hioload.session.internal;

import io.hioload.buffer.Buffer;
import io.hioload.concurrent.Ring;
import io.hioload.concurrent.Rings;
import io.hioload.http.HttpRequest;
import io.hioload.websocket.CloseCode;
import io.hioload.websocket.Context;
import io.hioload.websocket.MessageStream;
import io.hioload.websocket.MessageType;
import io.hioload.websocket.SendListener;
import io.hioload.websocket.SendStatus;
import io.hioload.websocket.Session;
import io.hioload.websocket.Topics;
import io.hioload.websocket.WebSocketHandler;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.DirectBuffer;

/**
 * A session as a handler that blocks sees it, and the way of its events from the reactor to virtual threads. The reactor adds
 * events; whoever adds the first of them starts a thread, which ends when it has handled the last, so at most one thread is at
 * work for a session and each sees what the one before it did.
 *
 * <p>Events wait in a small ring; what one receive brings beyond that waits in an overflow list until the ring is empty, so
 * that no message is lost: by then the session has stopped receiving.
 *
 * <p>Owns the copies of the messages that wait, each until its call returned. Costs about 1 KiB of heap.
 */
public final class BlockingSession implements Session, Runnable {

    private static final int RING_SLOTS = 16;
    /** What an event without a payload counts. */
    private static final int EVENT_BYTES = 64;
    private static final long ANSWER_SECONDS = 5;

    /** Something that the handler is to be told. */
    private interface Event {
        void tell(WebSocketHandler handler, Session session);
    }

    /** A message or, without a type, a pong. */
    private record Received(MessageType type, Buffer payload, int length) implements Event {
        @Override
        public void tell(WebSocketHandler handler, Session session) {
            if (type == null) {
                handler.onPong(session, payload.memory(), 0, length);
            } else {
                handler.onMessage(session, type, payload.memory(), 0, length);
            }
        }
    }

    private record Closed(int code, String reason) implements Event {
        @Override
        public void tell(WebSocketHandler handler, Session session) {
            handler.onClose(session, code, reason);
        }
    }

    private record Task(Runnable task) implements Event {
        @Override
        public void tell(WebSocketHandler handler, Session session) {
            task.run();
        }
    }

    private static final Event WRITABLE = WebSocketHandler::onWritable;

    private final WebSocketSession session;
    private final WebSocketHandler handler;
    private final int highBytes;
    private final Context context = new SessionContext();
    private final Ring<Event> ring = Rings.spsc(RING_SLOTS);
    /** Guarded by itself. Only the reactor adds, and only while this is not empty or the ring is full. */
    private final ArrayDeque<Event> overflow = new ArrayDeque<>(0);
    private volatile int overflowing;
    /** Events that are added and not handled: who brings it from 0 to 1 starts a thread. */
    private final AtomicInteger events = new AtomicInteger();
    private final AtomicInteger waitingBytes = new AtomicInteger();
    /** Full: the thread asks for more when it has done enough. */
    private volatile boolean full;
    private final AtomicBoolean resumeAsked = new AtomicBoolean();
    /** The handler has asked for receiving to be off. Reactor thread. */
    private boolean turnedOff;
    /** The handler has closed the session or failed: it is told of nothing more but the end. */
    private volatile boolean closing;
    private volatile HttpRequest request;

    /**
     * Makes the way of a session that is being opened.
     *
     * @param session   made by an engine
     * @param handler   that blocks
     * @param highBytes that may wait before receiving is turned off
     */
    public BlockingSession(Session session, WebSocketHandler handler, int highBytes) {
        this.session = (WebSocketSession) session;
        this.handler = handler;
        this.highBytes = highBytes;
        this.request = session.request();
    }

    // From the reactor

    /** The session is open. */
    public void opened() {
        add((to, self) -> {
            to.onOpen(self);
            // Whoever wants the headers for longer says so in the configuration.
            if (request != null && !session.engine().settings().keepHeaders()) {
                request = new HttpRequest(request.method(), request.path(), request.query(), List.of());
            }
        });
    }

    /**
     * A message arrived.
     *
     * @param type   text or binary
     * @param buffer holds the payload
     * @param offset first byte
     * @param length from 0
     */
    public void received(MessageType type, DirectBuffer buffer, int offset, int length) {
        Buffer copy = session.engine().shared.acquire(Math.max(1, length));
        if (copy == null) {
            session.engine().blockingRefused.increment();
            session.close(CloseCode.TRY_AGAIN_LATER, "out of memory");
            return;
        }
        copy.memory().putBytes(0, buffer, offset, length);
        int waiting = waitingBytes.addAndGet(EVENT_BYTES + length);
        add(new Received(type, copy, length));
        if (waiting > highBytes && !full) {
            full = true;
            session.receiving(false);
            // The thread may have done it all before it could see that more is waited for.
            if (isDrained()) {
                resume();
            }
        }
    }

    /**
     * A pong arrived.
     *
     * @param buffer holds the payload
     * @param offset first byte
     * @param length from 0 to 125
     */
    public void ponged(DirectBuffer buffer, int offset, int length) {
        received(null, buffer, offset, length);
    }

    /** What was sent has drained. */
    public void writable() {
        add(WRITABLE);
    }

    /**
     * The session is over.
     *
     * @param code   the close code
     * @param reason its text
     */
    public void closed(int code, String reason) {
        add(new Closed(code, reason));
    }

    private void add(Event event) {
        if (overflowing > 0 || !ring.offer(event)) {
            synchronized (overflow) {
                overflow.add(event);
                overflowing = overflow.size();
            }
        }
        if (events.getAndIncrement() == 0) {
            Thread.ofVirtual().name("blocking-" + Long.toHexString(id())).start(this);
        }
    }

    private boolean isDrained() {
        return waitingBytes.get() <= highBytes >> 1;
    }

    private void resume() {
        if (!onItsReactor()) {
            // It has moved to another one meanwhile.
            onReactor(this::resume);
            return;
        }
        resumeAsked.set(false);
        full = false;
        session.receiving(!turnedOff);
    }

    private boolean onItsReactor() {
        return session.isHere();
    }

    private void onReactor(Runnable task) {
        try {
            session.executor().execute(task);
        } catch (RejectedExecutionException e) {
            session.engine().deferred.add(task);
        }
    }

    // On virtual threads

    /** Tells the handler of what there is. */
    @Override
    public void run() {
        do {
            Event event = next();
            if (!closing || event instanceof Closed) {
                tell(event);
            }
            if (event instanceof Received received) {
                received.payload.release();
                waitingBytes.addAndGet(-EVENT_BYTES - received.length);
                if (full && isDrained() && resumeAsked.compareAndSet(false, true)) {
                    onReactor(this::resume);
                }
            }
        } while (events.decrementAndGet() != 0);
    }

    /** There is one: it was counted after it was added. */
    private Event next() {
        Event event = ring.poll();
        if (event == null) {
            synchronized (overflow) {
                // What is in the ring is older than what overflowed.
                event = ring.poll();
                if (event == null) {
                    event = overflow.poll();
                    overflowing = overflow.size();
                }
            }
        }
        return event;
    }

    private void tell(Event event) {
        try {
            event.tell(handler, this);
        } catch (Throwable e) {
            closing = true;
            onReactor(() -> {
                session.engine().handlerFailed(handler, id(), e);
                session.close(CloseCode.INTERNAL_ERROR, "handler failed");
            });
        }
    }

    // What the handler calls

    @Override
    public long id() {
        return session.id();
    }

    @Override
    public HttpRequest request() {
        return request;
    }

    @Override
    public String parameter(String name) {
        return session.parameter(name);
    }

    @Override
    public String subprotocol() {
        return session.subprotocol();
    }

    /** Asks the reactor and waits for the answer. */
    @Override
    public SocketAddress remoteAddress() {
        if (onItsReactor()) {
            return session.remoteAddress();
        }
        CompletableFuture<SocketAddress> answer = new CompletableFuture<>();
        onReactor(() -> answer.complete(session.remoteAddress()));
        try {
            return answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } catch (ExecutionException | TimeoutException e) {
            return null;
        }
    }

    /** The handler's own: the reactor does not look into it. */
    @Override
    public Context context() {
        return context;
    }

    /** Leads to the virtual threads: tasks come in order with the calls of the handler. */
    @Override
    public Executor executor() {
        return task -> session.executor().execute(() -> add(new Task(task)));
    }

    @Override
    public SendStatus send(MessageType type, DirectBuffer buffer, int offset, int length) {
        return session.send(type, buffer, offset, length);
    }

    @Override
    public SendStatus sendUncompressed(MessageType type, DirectBuffer buffer, int offset, int length) {
        return session.sendUncompressed(type, buffer, offset, length);
    }

    @Override
    public SendStatus sendTracked(MessageType type, DirectBuffer buffer, int offset, int length, SendListener listener) {
        return session.sendTracked(type, buffer, offset, length, listener);
    }

    /** Each piece asks the reactor and waits for the answer. */
    @Override
    public MessageStream begin(MessageType type) {
        return new BlockingPieces(session, type);
    }

    @Override
    public SendStatus sendText(CharSequence text) {
        return session.sendText(text);
    }

    @Override
    public SendStatus ping(DirectBuffer buffer, int offset, int length) {
        return session.ping(buffer, offset, length);
    }

    @Override
    public boolean subscribe(String filter) {
        return session.subscribe(filter);
    }

    @Override
    public void unsubscribe(String filter) {
        session.unsubscribe(filter);
    }

    @Override
    public Topics topics() {
        return session.topics();
    }

    @Override
    public long missed() {
        return session.missed();
    }

    @Override
    public int unsentBytes() {
        return session.unsentBytes();
    }

    @Override
    public void receiving(boolean on) {
        onReactor(() -> {
            turnedOff = !on;
            session.receiving(on && !full);
        });
    }

    @Override
    public void close(int code, String reason) {
        session.close(code, reason);
        closing = true;
    }

    @Override
    public boolean isOpen() {
        return session.isOpen();
    }

    @Override
    public String toString() {
        return "blocking " + session;
    }
}
