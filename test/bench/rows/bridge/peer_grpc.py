"""A gRPC echo on asyncio, bytes in and bytes out; says its port."""

from __future__ import annotations

import asyncio

import grpc


async def noop(request: bytes, _context: object) -> bytes:
    return request


async def main() -> None:
    server = grpc.aio.server()
    handler = grpc.unary_unary_rpc_method_handler(noop)
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("echo.Echo", {"Noop": handler}),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    print(port, flush=True)
    await server.wait_for_termination()


asyncio.run(main())
