"""Compression with the Python package `websockets`, in every combination of parameters that it can offer:
deflate.py ws://127.0.0.1:9001 ...

Prints one line for each server that passed; the first failure ends it with a traceback and status 1.
"""

import asyncio
import itertools
import json
import sys

import websockets
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

DEADLINE_S = 100
# Its compressor cannot have windows of 8 bits.
CLIENT_BITS = (None, True, 9, 12, 15)
SERVER_BITS = (None, 8, 9, 12, 15)


def document(i, items):
    return json.dumps([{"id": i * 1000 + n, "name": f"item {n}", "price": n * 1.25} for n in range(items)])


MESSAGES = (document(1, 20), "short", "", document(2, 20), document(3, 1000).encode(), document(1, 20))


async def talk(url, factory):
    async with websockets.connect(url + "/echo", extensions=[factory], compression=None, max_size=None) as socket:
        names = [extension.name for extension in socket.extensions]
        assert names == ["permessage-deflate"], names
        for message in MESSAGES:
            await socket.send(message)
            assert await socket.recv() == message
        await socket.send(["x" * 1000, "", "y" * 1000])
        assert await socket.recv() == "x" * 1000 + "y" * 1000


async def main():
    for url in sys.argv[1:]:
        count = 0
        for values in itertools.product((False, True), (False, True), SERVER_BITS, CLIENT_BITS):
            await talk(url, ClientPerMessageDeflateFactory(*values))
            count += 1
        print("passed", count, flush=True)


asyncio.run(asyncio.wait_for(main(), DEADLINE_S))
