"""The scenario of `kurrentdbclient`, the Python client of KurrentDB."""

import json
import sys

from kurrentdbclient import KurrentDBClient, NewEvent, StreamState
from kurrentdbclient.exceptions import (
    FailedPreconditionError,
    GrpcError,
    KurrentDBClientError,
    MaximumAppendSizeExceededError,
    NotFoundError,
    ServiceUnavailableError,
    StreamIsDeletedError,
    UnauthenticatedError,
    WrongCurrentVersionError,
)

(URL,) = sys.argv[1:]
ANY, NO_STREAM, EXISTS = StreamState.ANY, StreamState.NO_STREAM, StreamState.EXISTS


def connect():
    return KurrentDBClient(URL)


def step(name):
    print(f"python: {name}")


def events(kind, count):
    return [NewEvent(type=kind, data=json.dumps({"number": number}).encode()) for number in range(count)]


def revisions(read):
    return [event.stream_position for event in read]


def refused(wanted, work):
    try:
        work()
    except KurrentDBClientError as error:
        assert isinstance(error, wanted), repr(error)
        return error
    raise AssertionError(f"no {wanted.__name__}")


client = connect()

step("append with every expected version")
for version, count in [(NO_STREAM, 2), (ANY, 1), (EXISTS, 1), (3, 2)]:
    client.append_to_stream("appended", events=events("Counted", count), current_version=version)
assert client.get_current_version("appended") == 5
# One event goes alone, several as a batch: the server answers both.
for stream, version, actual in [("appended", NO_STREAM, 5), ("appended", 99, 5), ("nobody", EXISTS, NO_STREAM)]:
    for new in [events("Counted", 1)[0], events("Counted", 2)]:
        error = refused(
            WrongCurrentVersionError,
            lambda: client.append_to_stream(stream, events=new, current_version=version),
        )
        assert (error.stream_name, error.expected_version, error.actual_version) == (stream, version, actual)

step("read both ways, with limits")
for _ in range(20):
    client.append_to_stream("batched", events=events("Counted", 5), current_version=ANY)
assert revisions(client.get_stream("batched")) == list(range(100))
assert revisions(client.get_stream("batched", stream_position=97, limit=2)) == [97, 98]
assert revisions(client.get_stream("batched", backwards=True, limit=3)) == [99, 98, 97]
assert revisions(client.get_stream("batched", backwards=True, stream_position=1)) == [1, 0]
assert revisions(client.read_all(limit=6)) == [0, 1, 2, 3, 4, 5]
(newest,) = client.read_all(backwards=True, limit=1)
assert newest.stream_name == "batched" and json.loads(newest.data) == {"number": 4}

step("filters")
for stream, kind in [("kind-1", "Red"), ("kind-2", "Blue"), ("other-1", "Red")]:
    client.append_to_stream(stream, events=events(kind, 1), current_version=ANY)
by_stream, by_prefix = {"filter_by_stream_name": True}, {"filter_by_prefix": True}
for options, expected in [
    ({"filter_include": ["kind-"], **by_stream, **by_prefix}, ["kind-1", "kind-2"]),
    ({"filter_include": ["Re", "Gr"], **by_prefix}, ["kind-1", "other-1"]),
    ({"filter_include": [r"(?!Counted).*e"]}, ["kind-2"]),
    ({"filter_exclude": [r"Counted", r"Blue"]}, ["kind-1", "other-1"]),
    ({"filter_include": [r".*1"], **by_stream}, ["kind-1", "other-1"]),
]:
    found = [event.stream_name for event in client.read_all(**options)]
    assert found == expected, (options, found)

step("categories")
found = client.get_stream("$ce-kind", resolve_links=True)
assert [(event.stream_name, event.type) for event in found] == [("kind-1", "Red"), ("kind-2", "Blue")], found
assert [event.link.stream_position for event in found] == [0, 1], found

step("metadata")
client.append_to_stream("kept", events=events("Counted", 5), current_version=ANY)
assert client.get_stream_metadata("kept") == ({}, NO_STREAM)
client.set_stream_metadata("kept", metadata={"$maxCount": 2, "owner": "ann"})
assert client.get_stream_metadata("kept") == ({"$maxCount": 2, "owner": "ann"}, 0)
assert revisions(client.get_stream("kept")) == [3, 4]

step("errors by their types")
refused(NotFoundError, lambda: client.get_stream("nobody"))
huge = NewEvent(type="Huge", data=b" " * ((1 << 20) + 1))
refused(MaximumAppendSizeExceededError, lambda: client.append_to_stream("huge", events=[huge], current_version=ANY))
# Alone, the client has no name for it.
error = refused(GrpcError, lambda: client.append_to_stream("huge", events=huge, current_version=ANY))
assert "1048576" in str(error), error

step("delete and tombstone")
client.append_to_stream("deleted", events=events("Counted", 2), current_version=NO_STREAM)
error = refused(WrongCurrentVersionError, lambda: client.delete_stream("deleted", current_version=99))
assert (error.stream_name, error.expected_version, error.actual_version) == ("deleted", 99, 1)
refused(NotFoundError, lambda: client.delete_stream("nobody", current_version=5))
client.delete_stream("deleted", current_version=1)
refused(NotFoundError, lambda: client.get_stream("deleted"))
client.append_to_stream("deleted", events=events("Counted", 1), current_version=ANY)
assert revisions(client.get_stream("deleted")) == [2]
client.tombstone_stream("deleted", current_version=ANY)
refused(StreamIsDeletedError, lambda: client.get_stream("deleted"))
refused(
    StreamIsDeletedError,
    lambda: client.append_to_stream("deleted", events=events("Counted", 2), current_version=ANY),
)
# Alone, the client has no name for it.
error = refused(
    FailedPreconditionError,
    lambda: client.append_to_stream("deleted", events=events("Counted", 1)[0], current_version=ANY),
)
assert "is deleted" in str(error), error

if "s3cret" in URL:
    step("strangers")
    for who in ["ann:wrong@", "eve:s3cret@"]:
        stranger = KurrentDBClient(URL.replace("ann:s3cret@", who))
        refused(UnauthenticatedError, lambda: stranger.get_stream("appended"))
        for new in [events("Counted", 1)[0], events("Counted", 2)]:
            refused(
                UnauthenticatedError,
                lambda: stranger.append_to_stream("guarded", events=new, current_version=ANY),
            )
        stranger.close()

step("a subscription across restarts")
position = client.append_to_stream("live-1", events=events("Counted", 3), current_version=ANY)
for round in range(3):
    fresh = connect()
    filters = {"filter_include": ["live-"], "filter_by_stream_name": True, "filter_by_prefix": True}
    subscription = fresh.subscribe_to_all(commit_position=position, **filters)
    fresh.append_to_stream("live-2", events=events("Counted", 2), current_version=ANY)
    for revision in [round * 2, round * 2 + 1]:
        event = next(subscription)
        assert (event.stream_name, event.stream_position) == ("live-2", revision), event
        position = event.commit_position
    print("restart")
    assert sys.stdin.readline() == "restarted\n"
    refused(ServiceUnavailableError, lambda: next(subscription))
    fresh.close()

client.close()
