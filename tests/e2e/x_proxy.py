# SPDX-License-Identifier: LGPL-2.1-or-later
"""An X display on this machine that goes away at a moment which only depends on what its clients do.

Usage: x_proxy.py REAL TEXT

REAL is the number of a display, which all connections are passed on to, until a client sends TEXT, the name of a window or of an atom: then everything
is closed. The first line of the output is the name for DISPLAY; "lost" follows when it was.
"""
import selectors
import socket
import sys


def main(real, text):
    selector = selectors.DefaultSelector()
    listener = socket.create_server(("127.0.0.1", 0))
    print("127.0.0.1:%d" % (listener.getsockname()[1] - 6000), flush=True)  # the port of display N is 6000 + N
    selector.register(listener, selectors.EVENT_READ)
    while True:
        key = selector.select()[0][0]
        if key.data is None:
            client, server = listener.accept()[0], socket.socket(socket.AF_UNIX)
            server.connect("/tmp/.X11-unix/X" + real)
            selector.register(client, selectors.EVENT_READ, [server, True, b""])
            selector.register(server, selectors.EVENT_READ, [client, False, b""])
            continue
        other, from_client, before = key.data
        try:
            data = key.fileobj.recv(65536)
            if from_client and text in before + data:
                print("lost", flush=True)
                return
            other.sendall(data)
        except OSError:
            data = b""
        key.data[2] = data[-len(text):]
        if not data:
            for end in key.fileobj, other:
                selector.unregister(end)
                end.close()


main(sys.argv[1], sys.argv[2].encode())
