// The least that a load generator can do: a closed loop over prepared, masked frames; one recv and one send for each readable
// socket, echoes counted by their bytes and looked at where they begin. What the product's generator costs more is its own.
// usage: load PORT PATH CONNECTIONS SIZE PIPELINE SECONDS SERVER_PID; prints one JSON object. Linux, one thread.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CYCLE = 64, BUFFER_BYTES = 256 << 10, MAX_EVENTS = 1024, HEADER_BYTES = 14 };

struct connection { int fd; uint32_t next; uint64_t pending; }; // the next frame to send; bytes of an echo that has not wholly arrived
static uint8_t buffer[BUFFER_BYTES], *frames, echo_header[HEADER_BYTES];
static size_t frame_length, echo_length;
static uint64_t wrong;

static void fail(const char *what) { perror(what); exit(2); }

static double seconds_of(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

// proc_pid_stat(5), fields 14 and 15, in ticks of 10 ms.
static double cpu_seconds(int pid) {
    char name[64], text[1024];
    unsigned long user = 0, system = 0;
    snprintf(name, sizeof name, "/proc/%d/stat", pid);
    FILE *file = fopen(name, "r");
    if (!file || !fgets(text, sizeof text, file)) fail(name);
    fclose(file);
    if (sscanf(strrchr(text, ')') + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) != 2) fail(name);
    return (double)(user + system) / 100;
}

static size_t header(uint8_t *to, size_t length, int masked) {
    to[0] = 0x82;
    to[1] = (uint8_t)(masked << 7 | (length < 126 ? length : length < 65536 ? 126 : 127));
    size_t bytes = length < 126 ? 0 : length < 65536 ? 2 : 8;
    for (size_t i = 0; i < bytes; i++) to[2 + i] = (uint8_t)(length >> 8 * (bytes - 1 - i));
    return 2 + bytes;
}

static void prepare(size_t size, size_t pipeline) {
    uint8_t head[HEADER_BYTES];
    size_t head_length = header(head, size, 1);
    frame_length = head_length + 4 + size;
    echo_length = header(echo_header, size, 0) + size;
    frames = malloc((CYCLE + pipeline) * frame_length);
    if (!frames) fail("malloc");
    for (size_t i = 0; i < CYCLE + pipeline; i++) { // frames behind the cycle repeat it, so that a batch is one piece
        uint8_t *frame = frames + i * frame_length;
        if (i >= CYCLE) { memcpy(frame, frame - CYCLE * frame_length, frame_length); continue; }
        memcpy(frame, head, head_length);
        for (size_t b = 0; b < 4 + size; b++) frame[head_length + b] = (uint8_t)rand();
    }
}

static void send_frames(struct connection *c, size_t count) {
    const uint8_t *bytes = frames + c->next * frame_length;
    for (size_t sent = 0, length = count * frame_length; sent < length;) {
        ssize_t n = send(c->fd, bytes + sent, length - sent, MSG_NOSIGNAL);
        if (n > 0) sent += (size_t)n;
        else if (errno != EAGAIN) fail("send");
    }
    c->next = (uint32_t)((c->next + count) % CYCLE);
}

static struct connection *connect_to(int port, const char *path, int poll) {
    struct connection *c = calloc(1, sizeof *c);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int one = 1;
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(c->fd, (struct sockaddr *)&address, sizeof address)) fail("connect");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    int length = snprintf((char *)buffer, sizeof buffer, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n", path, port);
    if (send(c->fd, buffer, (size_t)length, 0) != length) fail("send");
    size_t got = 0;
    do {
        ssize_t n = recv(c->fd, buffer + got, 1, 0);
        if (n <= 0 || ++got == 4096) fail("handshake");
    } while (got < 4 || memcmp(buffer + got - 4, "\r\n\r\n", 4));
    if (memcmp(buffer, "HTTP/1.1 101", 12)) { errno = EPROTO; fail("handshake"); }
    struct epoll_event readable = {.events = EPOLLIN, .data.ptr = c};
    epoll_ctl(poll, EPOLL_CTL_ADD, c->fd, &readable);
    return c;
}

// Returns the echoes that are complete.
static size_t receive(struct connection *c) {
    ssize_t n = recv(c->fd, buffer, BUFFER_BYTES, MSG_DONTWAIT);
    if (n < 0 && errno == EAGAIN) return 0;
    if (n <= 0) fail("recv");
    for (size_t at = c->pending ? echo_length - c->pending : 0; at + 2 <= (size_t)n; at += echo_length)
        wrong += memcmp(buffer + at, echo_header, 2) != 0;
    uint64_t bytes = c->pending + (uint64_t)n;
    c->pending = bytes % echo_length;
    return bytes / echo_length;
}

int main(int count_of_arguments, char **arguments) {
    if (count_of_arguments != 8) return 2;
    int port = atoi(arguments[1]), connections = atoi(arguments[3]), server = atoi(arguments[7]), poll = epoll_create1(0);
    size_t pipeline = (size_t)atoi(arguments[5]);
    double length = atof(arguments[6]);
    prepare((size_t)atoi(arguments[4]), pipeline);
    struct connection **all = calloc((size_t)connections, sizeof *all);
    for (int i = 0; i < connections; i++) {
        all[i] = connect_to(port, arguments[2], poll);
        all[i]->next = (uint32_t)(i * 7 % CYCLE);
    }
    for (int i = 0; i < connections; i++) send_frames(all[i], pipeline);
    double start = seconds_of(CLOCK_MONOTONIC), began = 0, own = 0, of_server = 0, now = start;
    uint64_t messages = 0;
    struct epoll_event events[MAX_EVENTS];
    while (began == 0 || now - began < length) {
        int count = epoll_wait(poll, events, MAX_EVENTS, -1);
        for (int i = 0; i < count; i++) {
            struct connection *c = events[i].data.ptr;
            size_t echoes = receive(c);
            messages += echoes;
            if (echoes) send_frames(c, echoes);
        }
        now = seconds_of(CLOCK_MONOTONIC);
        if (began == 0 && now - start > 0.3) {
            began = now, messages = 0, own = seconds_of(CLOCK_PROCESS_CPUTIME_ID), of_server = cpu_seconds(server);
        }
    }
    own = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - own;
    of_server = cpu_seconds(server) - of_server;
    double count = messages ? (double)messages : 1;
    printf("{\"messages\":%lu,\"messages_per_second\":%.1f,\"generator_cpu_us\":%.4f,\"generator_cpu_s\":%.4f,\"server_cpu_us\":%.4f,"
        "\"server_cpu_s\":%.4f,\"errors\":%lu}\n", messages, (double)messages / (now - began), own * 1e6 / count, own,
        of_server * 1e6 / count, of_server, wrong);
    return 0;
}
