"""Qdrant's JSON to the engine's objects and back. Keys that are not understood are refused, never dropped."""

import uuid

import qdrant_edge as edge


class Refused(Exception):
    def __init__(self, status, sentence):
        super().__init__(sentence)
        self.status = status


def only(body, *known):
    """The body, if it has no other keys; a null counts as absent."""
    unknown = [key for key, value in body.items() if key not in known and value is not None]
    if unknown:
        raise Refused(501, f"stand-in does not support: {', '.join(unknown)}")
    return body


def as_list(value):
    return value if isinstance(value, list) else [value]


def given(body, *keys):
    return {key: body[key] for key in keys if body.get(key) is not None}


def is_id(value):
    return isinstance(value, (int, str)) and not isinstance(value, bool)


def point_id(value):
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    try:
        return str(uuid.UUID(str(value)))
    except ValueError:
        known = "valid values are either an unsigned integer or a UUID"
        raise Refused(400, f"value {value} is not a valid point ID, {known}") from None


def vector_from(vector):
    if not isinstance(vector, dict):
        return vector
    if set(vector) != {"indices", "values"}:
        return {name: vector_from(value) for name, value in vector.items()}
    # The real server checks and sorts these before its engine sees them.
    indices, values = vector["indices"], vector["values"]
    if len(indices) != len(values) or len(set(indices)) != len(indices):
        raise Refused(422, "Validation error: sparse indices must be unique and as many as the values")
    pairs = sorted(zip(indices, values))
    return edge.SparseVector(indices=[index for index, _ in pairs], values=[value for _, value in pairs])


class Bool:
    """qdrant-edge-py 0.9.0 reads True as the integer 1, which matches no boolean. It asks for a boolean first only
    where the type calls itself numpy.bool_, so this one does."""

    def __init__(self, value):
        self.value = value

    def __bool__(self):
        return self.value


Bool.__module__, Bool.__qualname__, Bool.__name__ = "numpy", "bool_", "bool_"

MATCHES = {
    "value": edge.MatchValue,
    "any": edge.MatchAny,
    "except": edge.MatchExcept,
    "text": edge.MatchText,
    "text_any": edge.MatchTextAny,
    "phrase": edge.MatchPhrase,
}


def match_from(match):
    for key, make in MATCHES.items():
        if key in match:
            value = only(match, key)[key]
            return make(Bool(value) if isinstance(value, bool) else value)
    raise Refused(501, f"stand-in does not support match {', '.join(match)}")


def range_from(limits):
    only(limits, "gt", "gte", "lt", "lte")
    is_time = any(isinstance(value, str) for value in limits.values())
    return (edge.RangeDateTime if is_time else edge.RangeFloat)(**given(limits, *limits))


def nested_from(nested):
    only(nested, "key", "filter")
    return edge.NestedCondition(nested["key"], filter_from(nested["filter"]))


def field_from(condition):
    only(condition, "key", "match", "range", "values_count", "is_empty", "is_null")
    made = given(condition, "is_empty", "is_null")
    if condition.get("match") is not None:
        made["match"] = match_from(condition["match"])
    if condition.get("range") is not None:
        made["range"] = range_from(condition["range"])
    if condition.get("values_count") is not None:
        made["values_count"] = edge.ValuesCount(**only(condition["values_count"], "gt", "gte", "lt", "lte"))
    return edge.FieldCondition(condition["key"], **made)


CONDITIONS = {
    "has_id": lambda ids: edge.HasIdCondition({point_id(value) for value in ids}),
    "has_vector": lambda name: edge.HasVectorCondition(name),
    "is_empty": lambda field: edge.IsEmptyCondition(only(field, "key")["key"]),
    "is_null": lambda field: edge.IsNullCondition(only(field, "key")["key"]),
    "nested": nested_from,
}
CLAUSES = ("must", "should", "must_not")


def condition_from(condition):
    if any(key in condition for key in (*CLAUSES, "min_should")):
        return filter_from(condition)
    if "key" in condition:
        return field_from(condition)
    for key, make in CONDITIONS.items():
        if key in condition:
            return make(only(condition, key)[key])
    raise Refused(501, f"stand-in does not support condition {', '.join(condition)}")


def filter_from(body):
    if body is None:
        return None
    only(body, *CLAUSES, "min_should")
    made = {key: [condition_from(c) for c in as_list(value)] for key, value in given(body, *CLAUSES).items()}
    if body.get("min_should") is not None:
        wanted = only(body["min_should"], "conditions", "min_count")
        conditions = [condition_from(condition) for condition in wanted["conditions"]]
        made["min_should"] = edge.MinShould(conditions, wanted["min_count"])
    return edge.Filter(**made)


def parameters_from(body):
    if body is None:
        return None
    only(body, "hnsw_ef", "exact", "indexed_only")
    return edge.SearchParams(**given(body, *body))


DIRECTIONS = {"asc": edge.Direction.Asc, "desc": edge.Direction.Desc}


def order_from(order):
    body = {"key": order} if isinstance(order, str) else only(order, "key", "direction", "start_from")
    return edge.OrderBy(body["key"], DIRECTIONS[body.get("direction") or "asc"], body.get("start_from"))


def asked_point(query):
    """The id, if the query is one: like this point."""
    asked = query.get("nearest") if isinstance(query, dict) else query
    return asked if is_id(asked) else None


def filter_of_query(body):
    """The real server leaves the point that is asked about out of its own answer; the engine does not."""
    made = filter_from(body.get("filter"))
    asked = asked_point(body.get("query"))
    if asked is None:
        return made
    return edge.Filter(must=[made] if made else None, must_not=[edge.HasIdCondition({point_id(asked)})])


def vector_of_point(collection, asked, using):
    found = collection.shard.retrieve([point_id(asked)], False, True)
    vector = found[0].vector if found else None
    vector = vector.get(using or "") if isinstance(vector, dict) else vector
    if vector is None:
        raise Refused(404, f"Not found: No point with id {asked} found")
    return vector


def fusion_from(query):
    if "fusion" in query:
        name = only(query, "fusion")["fusion"]
        return {"rrf": edge.Fusion.Rrf(k=2), "dbsf": edge.Fusion.Dbsf()}[name]
    weighed = only(only(query, "rrf")["rrf"], "k", "weights")
    return edge.Fusion.Rrf(k=weighed.get("k") or 2, weights=weighed.get("weights"))


def query_from(collection, query, using):
    if query is None:
        return None
    if is_id(query):
        return edge.Query.Nearest(vector_of_point(collection, query, using), using)
    if isinstance(query, list) or set(query) == {"indices", "values"}:
        return edge.Query.Nearest(vector_from(query), using)
    if "nearest" in query:
        return query_from(collection, only(query, "nearest")["nearest"], using)
    if "fusion" in query or "rrf" in query:
        return fusion_from(query)
    if "order_by" in query:
        return order_from(only(query, "order_by")["order_by"])
    if query.get("sample") == "random":
        return edge.Sample.Random
    raise Refused(501, f"stand-in does not support query {', '.join(query)}")


def prefetch_from(collection, body):
    only(body, "prefetch", "query", "using", "filter", "params", "score_threshold", "limit")
    return edge.Prefetch(
        limit=body.get("limit") or 10,
        query=query_from(collection, body.get("query"), body.get("using")),
        prefetches=[prefetch_from(collection, inner) for inner in as_list(body.get("prefetch") or [])],
        params=parameters_from(body.get("params")),
        filter=filter_of_query(body),
        score_threshold=body.get("score_threshold"),
    )


def payload_from(selector, default):
    if selector is None:
        return default
    if not isinstance(selector, dict):
        return selector
    only(selector, "include", "exclude")
    if selector.get("include") is not None:
        return edge.PayloadSelector.Include(selector["include"])
    return edge.PayloadSelector.Exclude(selector["exclude"])


QUERY_KEYS = ("prefetch", "query", "using", "filter", "params", "score_threshold", "limit", "offset")


def query_request_from(collection, body):
    only(body, *QUERY_KEYS, "with_payload", "with_vector")
    limit = 10 if body.get("limit") is None else body["limit"]
    if limit < 1:
        raise Refused(422, "Validation error: limit: value must be 1 or larger")
    return edge.QueryRequest(
        limit=limit,
        offset=body.get("offset") or 0,
        query=query_from(collection, body.get("query"), body.get("using")),
        prefetches=[prefetch_from(collection, inner) for inner in as_list(body.get("prefetch") or [])],
        filter=filter_of_query(body),
        params=parameters_from(body.get("params")),
        score_threshold=body.get("score_threshold"),
        with_payload=payload_from(body.get("with_payload"), False),
        with_vector=body.get("with_vector") or False,
    )


def vector_to_json(vector):
    if isinstance(vector, edge.SparseVector):
        return {"indices": list(vector.indices), "values": list(vector.values)}
    if isinstance(vector, dict):
        return {name: vector_to_json(value) for name, value in vector.items()}
    return vector


def id_to_json(value):
    return value if isinstance(value, int) else str(value)


def record_to_json(record):
    made = {"id": id_to_json(record.id), "payload": record.payload}
    return made if record.vector is None else {**made, "vector": vector_to_json(record.vector)}


def scored_to_json(point):
    return {**record_to_json(point), "version": point.version, "score": point.score}
