// The least that an echo server can do on epoll: one recv and one send for each readable socket, frames unmasked and turned
// around in place, no limits, no checks. What a complete server costs more than this is its own. Prints READY and its port,
// ends with its standard input. Linux, one thread. It waits for a peer that does not read, and ends one whose frame is over 1 MiB.
// With the argument broadcast, what one connection sends goes to all of them: one send of the same bytes for each.
#define _GNU_SOURCE
#include "floor.h"
#include <errno.h>
#include <sys/epoll.h>

enum { BUFFER_BYTES = 1 << 20, MAX_EVENTS = 1024 };

struct connection {
    uint8_t *rest; // the beginning of a frame that has not wholly arrived
    uint32_t rest_length;
    uint32_t place; // in open
    uint8_t upgraded;
};

static struct connection connections[MAX_CONNECTIONS]; // by descriptor; pages that are never touched cost nothing
static int open_fds[MAX_CONNECTIONS]; // of the upgraded ones
static uint32_t open_count;
static int broadcasts;
static uint8_t buffer[BUFFER_BYTES + 1];

static void end(int fd) {
    if (connections[fd].upgraded) {
        int last = open_fds[--open_count];
        open_fds[connections[fd].place] = last;
        connections[last].place = connections[fd].place;
    }
    free(connections[fd].rest);
    memset(&connections[fd], 0, sizeof connections[fd]);
    close(fd);
}

// Replies begin where the input began, so they lie before the rest. False if the connection is gone.
static int send_all(int fd, const char *reply, size_t length) {
    for (size_t sent = 0; sent < length;) {
        ssize_t n = send(fd, reply + sent, length - sent, MSG_NOSIGNAL);
        if (n > 0) sent += (size_t)n;
        else if (errno != EAGAIN) return 0;
    }
    return 1;
}

static void readable(int fd) {
    struct connection *c = &connections[fd];
    size_t have = c->rest_length;
    if (have) memcpy(buffer, c->rest, have);
    ssize_t got = recv(fd, buffer + have, BUFFER_BYTES - have, 0);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) { end(fd); return; }
    size_t length = have + (size_t)got, used, reply_length = 0;
    const void *reply = buffer;
    char answer[256];
    int closing = 0, was_upgraded = c->upgraded;
    if (was_upgraded) used = echo(buffer, length, &reply_length, &closing);
    else {
        buffer[length] = 0;
        char *blank = strstr((char *)buffer, "\r\n\r\n");
        used = blank ? (size_t)(blank + 4 - (char *)buffer) : 0;
        if (blank) {
            reply_length = (size_t)handshake((char *)buffer, answer, sizeof answer);
            reply = answer;
            if (!reply_length) { end(fd); return; }
            c->upgraded = 1;
            c->place = open_count;
            open_fds[open_count++] = fd;
        }
    }
    size_t rest = length - used;
    if (rest > 0) {
        if (rest > have || !c->rest) c->rest = realloc(c->rest, rest);
        if (!c->rest) { perror("realloc"); exit(1); }
        memcpy(c->rest, buffer + used, rest);
    }
    c->rest_length = (uint32_t)rest;
    if (broadcasts && was_upgraded)
        for (uint32_t i = 0; i < open_count; i++) send_all(open_fds[i], reply, reply_length); // who is gone is found by recv
    else if (!send_all(fd, reply, reply_length)) { end(fd); return; }
    if (closing) end(fd);
}

int main(int count_of_arguments, char **arguments) {
    broadcasts = count_of_arguments > 1 && !strcmp(arguments[1], "broadcast");
    int port, listener = listening_socket(SOCK_NONBLOCK, &port), poll = epoll_create1(0);
    struct epoll_event listening = {.events = EPOLLIN, .data.fd = listener}, input = {.events = EPOLLIN, .data.fd = 0}, events[MAX_EVENTS];
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &listening);
    epoll_ctl(poll, EPOLL_CTL_ADD, 0, &input); // refused for a file, which is fine
    ready(port);
    for (;;) {
        int count = epoll_wait(poll, events, MAX_EVENTS, -1);
        for (int i = 0; i < count; i++) {
            int fd = events[i].data.fd;
            if (fd == 0) return 0;
            if (fd != listener) { readable(fd); continue; }
            int accepted;
            while ((accepted = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
                struct epoll_event connected = {.events = EPOLLIN, .data.fd = accepted};
                epoll_ctl(poll, EPOLL_CTL_ADD, accepted, &connected);
            }
        }
    }
}
