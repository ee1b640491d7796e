"""The collections of the stand-in for Qdrant, each a folder with one shard of the engine and its configuration."""

import json
import os
import re
import shutil
import threading

import qdrant_edge as edge
from qdrant_requests import Refused, only

# What only tunes speed and memory: accepted, and without effect.
TUNING = (
    "hnsw_config",
    "optimizers_config",
    "quantization_config",
    "wal_config",
    "on_disk_payload",
    "shard_number",
    "replication_factor",
    "write_consistency_factor",
)
DISTANCES = {name: getattr(edge.Distance, name) for name in ("Cosine", "Dot", "Euclid", "Manhattan")}


def dense_parameters(vector):
    only(vector, "size", "distance", "on_disk", "hnsw_config", "quantization_config")
    return edge.EdgeVectorParams(size=vector["size"], distance=DISTANCES[vector["distance"]])


def sparse_parameters(vector):
    only(vector or {}, "modifier", "index")
    modifier = (vector or {}).get("modifier")
    if modifier not in (None, "none", "idf"):
        raise Refused(422, f"unknown modifier {modifier}")
    return edge.EdgeSparseVectorParams(modifier=edge.Modifier.Idf if modifier == "idf" else None)


def edge_configuration(configuration):
    only(configuration, "vectors", "sparse_vectors", *TUNING)
    dense = configuration.get("vectors") or {}
    sparse = configuration.get("sparse_vectors") or {}
    # A single unnamed vector, or vectors by name.
    vectors = dense_parameters(dense) if "size" in dense else {k: dense_parameters(v) for k, v in dense.items()}
    sparse_vectors = {name: sparse_parameters(vector) for name, vector in sparse.items()}
    return edge.EdgeConfig(vectors=vectors or None, sparse_vectors=sparse_vectors or None)


class Collection:
    def __init__(self, path, configuration, shard):
        self.path = path
        self.configuration = configuration
        self.shard = shard
        self.operations = 0

    def update(self, operation):
        self.shard.update(operation)
        self.operations += 1
        return {"operation_id": self.operations, "status": "completed"}


class Store:
    """The collections of a folder. One exists when its configuration is there, which is written last, removed first."""

    def __init__(self, root):
        self.root = root
        self.collections = {}
        self.lock = threading.Lock()
        os.makedirs(root, exist_ok=True)
        for name in os.listdir(root):
            path = os.path.join(root, name)
            if os.path.exists(self.note(path)):
                with open(self.note(path), encoding="utf-8") as file:
                    configuration = json.load(file)
                shard = edge.EdgeShard.load(os.path.join(path, "shard"))
                self.collections[name] = Collection(path, configuration, shard)

    @staticmethod
    def note(path):
        return os.path.join(path, "configuration.json")

    def get(self, name):
        collection = self.collections.get(name)
        if collection is None:
            raise Refused(404, f"Not found: Collection `{name}` doesn't exist!")
        return collection

    def create(self, name, configuration):
        if not re.fullmatch(r"[\w-][\w.-]*", name):
            raise Refused(422, f"invalid collection name {name}")
        with self.lock:
            if name in self.collections:
                raise Refused(409, f"Wrong input: Collection `{name}` already exists!")
            path = os.path.join(self.root, name)
            shutil.rmtree(path, ignore_errors=True)
            edge_configured = edge_configuration(configuration)
            os.makedirs(os.path.join(path, "shard"))
            shard = edge.EdgeShard.create(os.path.join(path, "shard"), edge_configured)
            unfinished = self.note(path) + ".unfinished"
            with open(unfinished, "w", encoding="utf-8") as file:
                json.dump(configuration, file)
            os.replace(unfinished, self.note(path))
            self.collections[name] = Collection(path, configuration, shard)
        return True

    def drop(self, name):
        with self.lock:
            collection = self.collections.pop(name, None)
            if collection is None:
                return False
            os.remove(self.note(collection.path))
            collection.shard.close()
            shutil.rmtree(collection.path)
        return True

    def close(self):
        with self.lock:
            for collection in self.collections.values():
                collection.shard.close()
            self.collections.clear()
