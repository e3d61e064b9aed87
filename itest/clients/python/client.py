"""Talks to a running server with the Python package `websockets`: client.py ws://127.0.0.1:9001, or wss://localhost:9001 ca.pem

Prints one line for each case that passed; the first failure ends it with a traceback and status 1.
"""

import asyncio
import os
import ssl
import sys

import websockets

BASE = sys.argv[1]
TLS = {"ssl": ssl.create_default_context(cafile=sys.argv[2])} if BASE.startswith("wss:") else {}
DEADLINE_S = 20


def connect(path):
    return websockets.connect(BASE + path, max_size=None, open_timeout=DEADLINE_S, close_timeout=DEADLINE_S, **TLS)


async def echo(message, expected):
    async with connect("/echo") as socket:
        await socket.send(message)
        answer = await socket.recv()
        assert type(answer) is type(expected), type(answer)
        assert answer == expected, (len(answer), len(expected))


async def text():
    for message in ("hello", "", "\u20ac \U0001f600 \x00", "x" * 70_000):
        await echo(message, message)


async def binary():
    for message in (bytes(range(256)), b""):
        await echo(message, message)


async def mebibyte():
    message = os.urandom(1 << 20)
    await echo(message, message)


async def fragmented():
    await echo(["he", "l", "", "lo \u20ac"], "hello \u20ac")
    parts = [os.urandom(n) for n in (1, 0, 125, 126, 65_535, 65_536)]
    await echo(parts, b"".join(parts))


async def order():
    async with connect("/echo") as socket:
        for i in range(1000):
            await socket.send(str(i))
        for i in range(1000):
            assert await socket.recv() == str(i)


async def ping():
    async with connect("/echo") as socket:
        for payload in (b"", b"are you there?", b"p" * 125):
            await (await socket.ping(payload))


async def close_by_client():
    for code in (1000, 1001, 3000, 4999):
        socket = await connect("/echo")
        await socket.close(code, "good bye")
        assert socket.close_code == code, (socket.close_code, code)


async def close_by_server():
    async with connect("/chat/python?nick=py") as socket:
        await socket.send(b"not text")
        await socket.wait_closed()
        assert socket.close_code == 1003, socket.close_code
        assert socket.close_reason == "text only", socket.close_reason
    async with connect("/chat/python?nick=py") as socket:
        await socket.send("x" * 10_000)
        await socket.wait_closed()
        assert socket.close_code == 1009, socket.close_code


async def refused():
    try:
        await connect("/nowhere")
    except websockets.InvalidStatusCode as refusal:
        assert refusal.status_code == 404, refusal.status_code
    else:
        raise AssertionError("/nowhere was served")


async def main():
    for case in (text, binary, mebibyte, fragmented, order, ping, close_by_client, close_by_server, refused):
        await asyncio.wait_for(case(), DEADLINE_S)
        print("passed", case.__name__, flush=True)


asyncio.run(main())
