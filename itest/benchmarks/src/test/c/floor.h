// What the floors have in common: the handshake, frames turned around in place, a listening socket.
#ifndef FLOOR_H
#define FLOOR_H
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_CONNECTIONS = 1 << 20 };

static uint32_t rotate(uint32_t x, int n) { return x << n | x >> (32 - n); }

// FIPS 180-4, for the 60 bytes of key and GUID: two blocks.
static void sha1_of_60(const uint8_t *text, uint8_t digest[20]) {
    uint8_t padded[128] = {0};
    memcpy(padded, text, 60);
    padded[60] = 0x80;
    padded[126] = 60 * 8 >> 8;
    padded[127] = (uint8_t)(60 * 8);
    uint32_t h[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
    for (int block = 0; block < 2; block++) {
        uint32_t w[80], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
        for (int i = 0; i < 16; i++) {
            memcpy(&w[i], padded + block * 64 + i * 4, 4);
            w[i] = ntohl(w[i]);
        }
        for (int i = 16; i < 80; i++) w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
        for (int i = 0; i < 80; i++) {
            uint32_t f = i < 20 ? ((b & c) | (~b & d)) + 0x5A827999 : i < 40 ? (b ^ c ^ d) + 0x6ED9EBA1
                : i < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8F1BBCDC : (b ^ c ^ d) + 0xCA62C1D6;
            uint32_t t = rotate(a, 5) + f + e + w[i];
            e = d, d = c, c = rotate(b, 30), b = a, a = t;
        }
        h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e;
    }
    for (int i = 0; i < 20; i++) digest[i] = (uint8_t)(h[i / 4] >> (24 - 8 * (i % 4)));
}

static void base64_of_20(const uint8_t *bytes, char *text) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < 20; i += 3) {
        uint32_t v = (uint32_t)bytes[i] << 16 | (uint32_t)(i + 1 < 20 ? bytes[i + 1] : 0) << 8 | (i + 2 < 20 ? bytes[i + 2] : 0);
        *text++ = digits[v >> 18];
        *text++ = digits[v >> 12 & 63];
        *text++ = digits[v >> 6 & 63];
        *text++ = i + 2 < 20 ? digits[v & 63] : '=';
    }
    *text = 0;
}

// RFC 6455, section 4.2.2. Returns the answer's length, 0 if the request has no key of 24 characters.
static int handshake(const char *request, char *answer, size_t capacity) {
    const char *key = strcasestr(request, "\r\nSec-WebSocket-Key:");
    if (!key) return 0;
    key += strlen("\r\nSec-WebSocket-Key:");
    while (*key == ' ') key++;
    if (strcspn(key, "\r ") != 24) return 0;
    uint8_t text[60], digest[20];
    memcpy(text, key, 24);
    memcpy(text + 24, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", 36);
    char accept[32];
    sha1_of_60(text, digest);
    base64_of_20(digest, accept);
    return snprintf(answer, capacity, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: %s\r\n\r\n", accept);
}

// Turns the whole client frames in bytes[0..length) into server frames, from bytes[0] on; a reply never overtakes its input.
// Returns the bytes consumed.
static size_t echo(uint8_t *bytes, size_t length, size_t *reply_length, int *closing) {
    size_t in = 0, out = 0;
    while (length - in >= 6 && !*closing) {
        uint64_t payload = bytes[in + 1] & 127;
        size_t header = payload == 126 ? 4 : payload == 127 ? 10 : 2;
        if (length - in < header + 4) break;
        if (header > 2) {
            payload = 0;
            for (size_t i = 2; i < header; i++) payload = payload << 8 | bytes[in + i];
        }
        if (length - in - header - 4 < payload) break;
        uint32_t mask;
        memcpy(&mask, bytes + in + header, 4);
        uint64_t mask2 = (uint64_t)mask << 32 | mask;
        const uint8_t *source = bytes + in + header + 4;
        uint8_t first = bytes[in];
        memmove(bytes + out, bytes + in, header);
        bytes[out] = (first & 15) == 9 ? 0x8A : first; // a ping becomes a pong
        *closing = (first & 15) == 8;
        bytes[out + 1] &= 127;
        uint8_t *target = bytes + out + header;
        uint64_t i = 0;
        for (; i + 8 <= payload; i += 8) {
            uint64_t word;
            memcpy(&word, source + i, 8);
            word ^= mask2;
            memcpy(target + i, &word, 8);
        }
        for (; i < payload; i++) target[i] = source[i] ^ (uint8_t)(mask2 >> (i & 7) * 8);
        in += header + 4 + payload;
        out += header + payload;
    }
    *reply_length = out;
    return in;
}

// Listens on a free port of the loopback address; the sockets it accepts inherit TCP_NODELAY. Allows as many descriptors as it may.
static int listening_socket(int flags, int *port) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max < MAX_CONNECTIONS ? limit.rlim_max : MAX_CONNECTIONS;
    setrlimit(RLIMIT_NOFILE, &limit);
    int one = 1, listener = socket(AF_INET, SOCK_STREAM | flags, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t address_length = sizeof address;
    setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 4096)
        || getsockname(listener, (struct sockaddr *)&address, &address_length)) {
        perror("listen");
        exit(1);
    }
    *port = ntohs(address.sin_port);
    return listener;
}

static void ready(int port) {
    printf("READY %d\n", port);
    fflush(stdout);
}

#endif
