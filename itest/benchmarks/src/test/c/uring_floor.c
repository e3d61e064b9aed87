// The least that an echo server can do on io_uring: multishot accept into direct descriptors, multishot receive into one ring of
// buffers that are consumed piece by piece, frames turned around where they were received, all sends of a turn submitted by
// the io_uring_enter that waits for the next. Plain system calls, no library. Prints READY and its port, ends with its
// standard input. Linux 6.12, one thread. No limits, no checks, as with epoll_floor.c.
#define _GNU_SOURCE
#include "floor.h"
#include <errno.h>
#include <linux/io_uring.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/syscall.h>

// Newer than the headers of some systems.
enum { SETUP_NO_SQARRAY = 1 << 16, PBUF_RING_INC = 2, CQE_BUFFER_MORE = 1 << 4 };
struct buffer_ring { uint64_t address; uint32_t entries; uint16_t group, flags; uint64_t reserved[3]; };

// All buffers together stay within a second-level cache.
enum { SQ_ENTRIES = 4096, CQ_ENTRIES = 32768, BUFFERS = 16, BUFFER_BYTES = 64 << 10, MAX_BATCH = SQ_ENTRIES };
enum operation { ACCEPT = 1, RECEIVE, SEND, SEND_REST, CLOSE, INPUT };

struct connection {
    uint8_t *rest; // the beginning of a frame that has not wholly arrived
    uint8_t *later; // replies behind one that is under way
    uint32_t rest_length, later_length, sent_in_turn;
    uint8_t upgraded, open, busy;
};
struct reply { uint32_t slot, length; int buffer; uint8_t *bytes, *owned; };

static struct connection connections[MAX_CONNECTIONS]; // by slot; pages that are never touched cost nothing
static uint8_t buffers[BUFFERS][BUFFER_BYTES] __attribute__((aligned(4096)));
static uint32_t consumed[BUFFERS], users[BUFFERS];
static uint8_t used_up[BUFFERS];
static struct reply batch[MAX_BATCH], last_batch[MAX_BATCH];
static uint32_t batch_length, turn = 1, waiting[MAX_CONNECTIONS], waiting_count;

static int ring, ring_index;
static struct io_uring_params params;
static struct io_uring_sqe *sqes;
static struct io_uring_cqe *cqes;
static uint32_t *sq_tail, *sq_head, *cq_tail, *cq_head, tail;
static struct io_uring_buf_ring *provided;
static uint16_t provided_tail;

static void check(long result, const char *what) {
    if (result < 0) { perror(what); exit(1); }
}

static void enter(uint32_t wait_for) {
    uint32_t submit = tail - __atomic_load_n(sq_head, __ATOMIC_ACQUIRE);
    __atomic_store_n(sq_tail, tail, __ATOMIC_RELEASE);
    long n = syscall(SYS_io_uring_enter, ring_index, submit, wait_for, IORING_ENTER_GETEVENTS | IORING_ENTER_REGISTERED_RING, NULL, 0);
    if (n < 0 && errno != EINTR && errno != EBUSY) check(n, "io_uring_enter");
}

static struct io_uring_sqe *submission(int operation, enum operation why, uint32_t of) {
    while (tail - __atomic_load_n(sq_head, __ATOMIC_ACQUIRE) == params.sq_entries) enter(0);
    struct io_uring_sqe *sqe = &sqes[tail++ & (params.sq_entries - 1)];
    memset(sqe, 0, sizeof *sqe);
    sqe->opcode = (uint8_t)operation;
    sqe->user_data = (uint64_t)why << 56 | of;
    return sqe;
}

static void accept_many(int listener) {
    struct io_uring_sqe *sqe = submission(IORING_OP_ACCEPT, ACCEPT, 0);
    sqe->fd = listener;
    sqe->ioprio = IORING_ACCEPT_MULTISHOT;
    sqe->file_index = IORING_FILE_INDEX_ALLOC;
}

static void receive_many(uint32_t slot) {
    struct io_uring_sqe *sqe = submission(IORING_OP_RECV, RECEIVE, slot);
    sqe->fd = (int)slot;
    sqe->ioprio = IORING_RECV_MULTISHOT;
    sqe->flags = IOSQE_FIXED_FILE | IOSQE_BUFFER_SELECT;
}

static void end(uint32_t slot) {
    struct connection *c = &connections[slot];
    if (!c->open) return;
    free(c->rest);
    free(c->later);
    memset(c, 0, sizeof *c);
    submission(IORING_OP_CLOSE, CLOSE, slot)->file_index = slot + 1;
}

static void provide(int buffer) {
    consumed[buffer] = used_up[buffer] = 0;
    struct io_uring_buf *entry = &provided->bufs[provided_tail++ & (BUFFERS - 1)];
    entry->addr = (uint64_t)(uintptr_t)buffers[buffer];
    entry->len = BUFFER_BYTES;
    entry->bid = (uint16_t)buffer;
}

static void leave(int buffer) {
    if (--users[buffer] == 0 && used_up[buffer]) provide(buffer);
}

// Sends without waiting: it happens within the next enter, and only what did not go out whole makes an event.
static void send_now(uint32_t slot, uint8_t *bytes, uint32_t length, int buffer, uint8_t *owned) {
    struct io_uring_sqe *sqe = submission(IORING_OP_SEND, SEND, batch_length);
    sqe->fd = (int)slot;
    sqe->addr = (uint64_t)(uintptr_t)bytes;
    sqe->len = length;
    sqe->msg_flags = MSG_NOSIGNAL | MSG_DONTWAIT | MSG_WAITALL;
    sqe->flags = IOSQE_FIXED_FILE | IOSQE_CQE_SKIP_SUCCESS;
    batch[batch_length++] = (struct reply){slot, length, buffer, bytes, owned};
    connections[slot].sent_in_turn = turn;
}

static void send_later(uint32_t slot, const uint8_t *bytes, uint32_t length) {
    struct connection *c = &connections[slot];
    c->later = realloc(c->later, c->later_length + length);
    memcpy(c->later + c->later_length, bytes, length);
    if (c->later_length == 0) waiting[waiting_count++] = slot;
    c->later_length += length;
}

// What the last enter did not send whole; the kernel waits for the peer.
static void send_rest(const struct reply *reply, int32_t result) {
    struct connection *c = &connections[reply->slot];
    uint32_t sent = result > 0 ? (uint32_t)result : 0;
    if (!c->open || sent == reply->length) return;
    if (result < 0 && result != -EAGAIN) { end(reply->slot); return; }
    uint8_t *copy = malloc(reply->length - sent);
    memcpy(copy, reply->bytes + sent, reply->length - sent);
    struct io_uring_sqe *sqe = submission(IORING_OP_SEND, SEND_REST, reply->slot);
    sqe->fd = (int)reply->slot;
    sqe->addr = (uint64_t)(uintptr_t)copy;
    sqe->len = reply->length - sent;
    sqe->msg_flags = MSG_NOSIGNAL | MSG_WAITALL;
    sqe->flags = IOSQE_FIXED_FILE;
    c->busy = 1; // the copy is forgotten: a peer that does not read is none of a floor's business
}

static void received(uint32_t slot, int32_t result, uint32_t flags) {
    struct connection *c = &connections[slot];
    int buffer = (int)(flags >> IORING_CQE_BUFFER_SHIFT);
    uint8_t *bytes = NULL, *owned = NULL;
    if (result > 0) {
        bytes = buffers[buffer] + consumed[buffer];
        consumed[buffer] += (uint32_t)result;
        users[buffer]++;
        if (!(flags & CQE_BUFFER_MORE)) used_up[buffer] = 1;
    }
    if (!c->open || result <= 0) {
        if (bytes) leave(buffer);
        else if (c->open && result == -ENOBUFS) receive_many(slot);
        else end(slot);
        return;
    }
    size_t length = (size_t)result, used, reply_length = 0;
    int closing = 0;
    if (c->rest_length) {
        owned = realloc(c->rest, c->rest_length + length);
        memcpy(owned + c->rest_length, bytes, length);
        length += c->rest_length;
        c->rest = NULL;
        bytes = owned;
        leave(buffer);
    }
    if (c->upgraded) used = echo(bytes, length, &reply_length, &closing);
    else {
        char request[4096], answer[256];
        size_t head = length < sizeof request ? length : sizeof request - 1;
        memcpy(request, bytes, head);
        request[head] = 0;
        char *blank = strstr(request, "\r\n\r\n");
        used = blank ? (size_t)(blank + 4 - request) : 0;
        if (blank) {
            int answer_length = handshake(request, answer, sizeof answer);
            if (!answer_length) closing = 1;
            else send_later(slot, (uint8_t *)answer, (uint32_t)answer_length);
            c->upgraded = 1;
        }
    }
    c->rest_length = (uint32_t)(length - used);
    if (c->rest_length) {
        c->rest = malloc(c->rest_length);
        memcpy(c->rest, bytes + used, c->rest_length);
    }
    int direct = reply_length && !c->busy && !c->later_length && c->sent_in_turn != turn && batch_length < MAX_BATCH;
    if (direct) send_now(slot, bytes, (uint32_t)reply_length, owned ? -1 : buffer, owned);
    else {
        if (reply_length) send_later(slot, bytes, (uint32_t)reply_length);
        if (owned) free(owned);
        else leave(buffer);
    }
    if (closing) end(slot);
    else if (!(flags & IORING_CQE_F_MORE)) receive_many(slot);
}

static void send_waiting(void) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < waiting_count; i++) {
        struct connection *c = &connections[waiting[i]];
        if (!c->open || !c->later_length) continue;
        if (c->busy || c->sent_in_turn == turn || batch_length == MAX_BATCH) { waiting[kept++] = waiting[i]; continue; }
        uint8_t *bytes = c->later;
        uint32_t length = c->later_length;
        c->later = NULL;
        c->later_length = 0;
        send_now(waiting[i], bytes, length, -1, bytes);
    }
    waiting_count = kept;
}

static void set_up(void) {
    params.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_CQSIZE | IORING_SETUP_SUBMIT_ALL
        | SETUP_NO_SQARRAY;
    params.cq_entries = CQ_ENTRIES;
    check(ring = (int)syscall(SYS_io_uring_setup, SQ_ENTRIES, &params), "io_uring_setup");
    size_t length = params.cq_off.cqes + params.cq_entries * sizeof *cqes;
    uint8_t *rings = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
    sqes = mmap(NULL, params.sq_entries * sizeof *sqes, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQES);
    if (rings == MAP_FAILED || sqes == MAP_FAILED) check(-1, "mmap");
    sq_head = (uint32_t *)(rings + params.sq_off.head);
    sq_tail = (uint32_t *)(rings + params.sq_off.tail);
    cq_head = (uint32_t *)(rings + params.cq_off.head);
    cq_tail = (uint32_t *)(rings + params.cq_off.tail);
    cqes = (struct io_uring_cqe *)(rings + params.cq_off.cqes);
    struct io_uring_rsrc_update own = {.offset = -1U, .data = (uint64_t)ring};
    check(syscall(SYS_io_uring_register, ring, IORING_REGISTER_RING_FDS, &own, 1), "register ring");
    ring_index = (int)own.offset;
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    struct io_uring_rsrc_register files = {.nr = (uint32_t)limit.rlim_cur, .flags = IORING_RSRC_REGISTER_SPARSE};
    check(syscall(SYS_io_uring_register, ring, IORING_REGISTER_FILES2, &files, sizeof files), "register files");
    provided = mmap(NULL, BUFFERS * sizeof(struct io_uring_buf), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct buffer_ring registration = {.address = (uint64_t)(uintptr_t)provided, .entries = BUFFERS, .flags = PBUF_RING_INC};
    check(syscall(SYS_io_uring_register, ring, IORING_REGISTER_PBUF_RING, &registration, 1), "register buffers (needs Linux 6.12)");
    for (int i = 0; i < BUFFERS; i++) provide(i);
    __atomic_store_n(&provided->tail, provided_tail, __ATOMIC_RELEASE);
}

int main(void) {
    int port, listener = listening_socket(0, &port);
    set_up();
    accept_many(listener);
    struct io_uring_sqe *input = submission(IORING_OP_POLL_ADD, INPUT, 0);
    input->poll32_events = POLLIN;
    ready(port);
    for (;;) {
        uint32_t replies = batch_length;
        memcpy(last_batch, batch, replies * sizeof *batch);
        batch_length = 0;
        enter(waiting_count ? 0 : 1);
        turn++;
        uint32_t head = *cq_head, until = __atomic_load_n(cq_tail, __ATOMIC_ACQUIRE);
        if (replies) {
            for (uint32_t i = head; i != until; i++) {
                struct io_uring_cqe *cqe = &cqes[i & (params.cq_entries - 1)];
                if (cqe->user_data >> 56 == SEND) send_rest(&last_batch[(uint32_t)cqe->user_data], cqe->res);
            }
            for (uint32_t i = 0; i < replies; i++) {
                if (last_batch[i].buffer >= 0) leave(last_batch[i].buffer);
                else free(last_batch[i].owned);
            }
        }
        for (; head != until; head++) {
            struct io_uring_cqe *cqe = &cqes[head & (params.cq_entries - 1)];
            uint32_t of = (uint32_t)cqe->user_data;
            switch (cqe->user_data >> 56) {
            case ACCEPT:
                if (cqe->res >= 0) {
                    memset(&connections[cqe->res], 0, sizeof *connections);
                    connections[cqe->res].open = 1;
                    receive_many((uint32_t)cqe->res);
                }
                if (!(cqe->flags & IORING_CQE_F_MORE)) accept_many(listener);
                break;
            case RECEIVE:
                received(of, cqe->res, cqe->flags);
                break;
            case SEND_REST:
                connections[of].busy = 0;
                break;
            case INPUT:
                if (cqe->res > 0) return 0;
                break;
            }
        }
        __atomic_store_n(cq_head, head, __ATOMIC_RELEASE);
        __atomic_store_n(&provided->tail, provided_tail, __ATOMIC_RELEASE);
        send_waiting();
    }
}
