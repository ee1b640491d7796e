"""Qdrant's REST interface for tests: the engine of Qdrant (qdrant-edge-py) in this process, behind a front of ours.

    python qdrant-server.py --folder FOLDER --port PORT

One shard a collection; every acknowledged write is in the engine's write-ahead log, so kill -9 loses none. What this
front does not know - a route, a field, a query parameter - it answers with 501, so that no test passes on something
that was silently ignored. Settings that only tune speed and memory are accepted and do nothing (qdrant_store.py).

It cannot show: the real server's validation and strict mode, `wait=false`, aliases, snapshots, API keys, TLS, gRPC,
several shards, speed.
"""

import argparse
import json
import os
import re
import signal
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import qdrant_edge as edge
from qdrant_requests import (
    Refused,
    filter_from,
    id_to_json,
    only,
    order_from,
    payload_from,
    point_id,
    query_request_from,
    record_to_json,
    scored_to_json,
    vector_from,
)
from qdrant_store import Store

# Clients compare it with their own version.
VERSION = "1.18.0"
PARAMETERS = {"wait", "ordering", "timeout", "consistency"}
Operation = edge.UpdateOperation


# What each route does with a collection and a body.


def upsert(collection, body):
    points = [only(point, "id", "vector", "payload") for point in only(body, "points")["points"]]
    made = [edge.Point(point_id(p["id"]), vector_from(p["vector"]), p.get("payload")) for p in points]
    return collection.update(Operation.upsert_points(made))


def for_points(body, by_ids, by_filter):
    if body.get("points") is not None:
        return by_ids([point_id(value) for value in body["points"]])
    if body.get("filter") is not None:
        return by_filter(filter_from(body["filter"]))
    raise Refused(400, "points or filter is needed")


def delete(collection, body):
    only(body, "points", "filter")
    return collection.update(for_points(body, Operation.delete_points, Operation.delete_points_by_filter))


def set_payload(collection, body):
    only(body, "points", "filter", "payload", "key")
    payload, key = body["payload"], body.get("key")
    by_ids = lambda ids: Operation.set_payload(ids, payload, key)
    return collection.update(for_points(body, by_ids, lambda f: Operation.set_payload_by_filter(f, payload, key)))


def overwrite_payload(collection, body):
    payload = only(body, "points", "filter", "payload")["payload"]
    by_ids = lambda ids: Operation.overwrite_payload(ids, payload)
    return collection.update(for_points(body, by_ids, lambda f: Operation.overwrite_payload_by_filter(f, payload)))


def delete_payload(collection, body):
    keys = only(body, "points", "filter", "keys")["keys"]
    by_ids = lambda ids: Operation.delete_payload(ids, keys)
    return collection.update(for_points(body, by_ids, lambda f: Operation.delete_payload_by_filter(f, keys)))


def clear_payload(collection, body):
    only(body, "points", "filter")
    return collection.update(for_points(body, Operation.clear_payload, Operation.clear_payload_by_filter))


def update_vectors(collection, body):
    points = [only(point, "id", "vector") for point in only(body, "points")["points"]]
    made = [edge.PointVectors(point_id(p["id"]), vector_from(p["vector"])) for p in points]
    return collection.update(Operation.update_vectors(made))


BATCHED = {
    "upsert": upsert,
    "delete": delete,
    "set_payload": set_payload,
    "overwrite_payload": overwrite_payload,
    "delete_payload": delete_payload,
    "clear_payload": clear_payload,
    "update_vectors": update_vectors,
}


def batch(collection, body):
    operations = only(body, "operations")["operations"]
    for operation in operations:
        only(operation, *BATCHED)
    named = [pair for operation in operations for pair in operation.items()]
    return [BATCHED[n](collection, b if isinstance(b, dict) else {"points": b}) for n, b in named]


def retrieve(collection, body):
    only(body, "ids", "with_payload", "with_vector")
    ids = [point_id(value) for value in body["ids"]]
    found = collection.shard.retrieve(ids, payload_from(body.get("with_payload"), True), body.get("with_vector") or False)
    return [record_to_json(record) for record in found]


def scroll(collection, body):
    only(body, "offset", "limit", "filter", "with_payload", "with_vector", "order_by")
    offset, order = body.get("offset"), body.get("order_by")
    request = edge.ScrollRequest(
        offset=None if offset is None else point_id(offset),
        limit=body.get("limit") or 10,
        filter=filter_from(body.get("filter")),
        with_payload=payload_from(body.get("with_payload"), True),
        with_vector=body.get("with_vector") or False,
        order_by=None if order is None else order_from(order),
    )
    points, following = collection.shard.scroll(request)
    next_offset = None if following is None else id_to_json(following)
    return {"points": [record_to_json(record) for record in points], "next_page_offset": next_offset}


def count(collection, body):
    only(body, "filter", "exact")
    request = edge.CountRequest(exact=body.get("exact", True), filter=filter_from(body.get("filter")))
    return {"count": collection.shard.count(request)}


def facet(collection, body):
    only(body, "key", "limit", "exact", "filter")
    wanted = (body["key"], body.get("limit") or 10, body.get("exact") or False, filter_from(body.get("filter")))
    found = collection.shard.facet(edge.FacetRequest(*wanted))
    return {"hits": [{"value": hit.value, "count": hit.count} for hit in found]}


def query(collection, body):
    return {"points": [scored_to_json(point) for point in collection.shard.query(query_request_from(collection, body))]}


def query_batch(collection, body):
    searches = [query_request_from(collection, search) for search in only(body, "searches")["searches"]]
    answers = collection.shard.query_batch(edge.QueryBatchRequest(searches))
    return [{"points": [scored_to_json(point) for point in points]} for points in answers]


INDEX_TYPES = ("keyword", "integer", "float", "bool", "datetime", "uuid", "text", "geo")


def create_index(collection, body):
    only(body, "field_name", "field_schema")
    schema = body["field_schema"]
    settings = {"type": schema} if isinstance(schema, str) else schema
    if settings["type"] not in INDEX_TYPES:
        raise Refused(501, f"stand-in does not support index {settings['type']}")
    name = settings["type"].capitalize()
    more = {key: value for key, value in settings.items() if key != "type"}
    if more:
        only(more, "is_tenant", "is_principal", "lookup", "range", "on_disk")
        made = getattr(edge, f"{name}IndexParams")(**more)
    else:
        made = getattr(edge.PayloadSchemaType, name)
    return collection.update(Operation.create_field_index(body["field_name"], made))


def describe(collection, _body):
    found = collection.shard.info()
    schema = {
        key: {"data_type": str(value.data_type).split(".")[-1].lower(), "points": value.points}
        for key, value in found.payload_schema.items()
    }
    return {
        "status": "green",
        "optimizer_status": "ok",
        "points_count": found.points_count,
        "indexed_vectors_count": found.indexed_vectors_count,
        "segments_count": found.segments_count,
        "config": {"params": {key: collection.configuration.get(key) for key in ("vectors", "sparse_vectors")}},
        "payload_schema": schema,
    }


OF_COLLECTION = {
    ("GET", ""): describe,
    ("PUT", "/index"): create_index,
    ("PUT", "/points"): upsert,
    ("POST", "/points"): retrieve,
    ("POST", "/points/delete"): delete,
    ("POST", "/points/batch"): batch,
    ("POST", "/points/payload"): set_payload,
    ("PUT", "/points/payload"): overwrite_payload,
    ("POST", "/points/payload/delete"): delete_payload,
    ("POST", "/points/payload/clear"): clear_payload,
    ("PUT", "/points/vectors"): update_vectors,
    ("POST", "/points/scroll"): scroll,
    ("POST", "/points/count"): count,
    ("POST", "/facet"): facet,
    ("POST", "/points/query"): query,
    ("POST", "/points/query/batch"): query_batch,
}


def answer(store, method, path, body):
    if (method, path) == ("GET", "/collections"):
        return {"collections": [{"name": name} for name in sorted(store.collections)]}
    route = re.fullmatch(r"/collections/([^/]+)(/.*)?", path)
    name, rest = (route[1], route[2] or "") if route else ("", None)
    if (method, rest) == ("PUT", ""):
        return store.create(name, body)
    if (method, rest) == ("DELETE", ""):
        return store.drop(name)
    if (method, rest) == ("GET", "/exists"):
        return {"exists": name in store.collections}
    index = re.fullmatch(r"/index/([^/]+)", rest or "")
    if method == "DELETE" and index:
        return store.get(name).update(Operation.delete_field_index(index[1]))
    if (method, rest) not in OF_COLLECTION:
        raise Refused(501, f"stand-in does not support: {method} {path}")
    return OF_COLLECTION[method, rest](store.get(name), body)


def handler_for(store):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # One write per answer: the head and the body apart would wait for the client's delayed acknowledgement.
        wbufsize = -1
        disable_nagle_algorithm = True

        def handle_any(self):
            begin = time.perf_counter()
            address = urlsplit(self.path)
            content = self.rfile.read(int(self.headers.get("content-length") or 0))
            if self.command == "GET" and address.path in ("/healthz", "/readyz"):
                return self.reply(200, b"all shards are ready", "text/plain")
            if self.command == "GET" and address.path == "/":
                about = {"title": "qdrant - vector search engine (stand-in: qdrant-edge)", "version": VERSION}
                return self.reply(200, json.dumps(about).encode())
            status, result = self.outcome(address, content)
            key = "result" if status == 200 else "status"
            told = {"status": "ok", **{key: result}, "time": time.perf_counter() - begin}
            return self.reply(status, json.dumps(told).encode())

        def outcome(self, address, content):
            try:
                unknown = [name for name, _ in parse_qsl(address.query) if name not in PARAMETERS]
                if unknown or "transfer-encoding" in self.headers:
                    raise Refused(501, f"stand-in does not support: {', '.join(unknown) or 'transfer-encoding'}")
                return 200, answer(store, self.command, address.path, json.loads(content) if content else {})
            except Refused as refused:
                return refused.status, {"error": str(refused)}
            except Exception as error:  # the engine's own refusals: wrong size, unknown vector name ...
                return 400, {"error": f"Wrong input: {error}"}

        def reply(self, status, content, kind="application/json"):
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            self.wfile.flush()

        def log_message(self, *_):
            """Requests may hold what users said: they do not belong in a log."""

        do_GET = do_PUT = do_POST = do_DELETE = do_PATCH = handle_any

    return Handler


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", required=True)
    parser.add_argument("--port", type=int, required=True)
    arguments = parser.parse_args()
    store = Store(os.path.abspath(arguments.folder))
    server = Server(("127.0.0.1", arguments.port), handler_for(store))
    # From another thread: shutdown waits for the loop below, which this signal has interrupted.
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    print(f"Listening on port {arguments.port}", flush=True)
    server.serve_forever(poll_interval=0.05)
    store.close()
    sys.exit(0)


if __name__ == "__main__":
    main()
