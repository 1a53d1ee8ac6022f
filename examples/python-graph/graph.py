"""A graph of LangGraph (Python) that acts only as an organization of Charter permits: its human interrupt is a task of Charter.

    CHARTER_URL=http://127.0.0.1:4310 CHARTER_TOKEN=... python graph.py THREAD

It prints one line of JSON whenever it waits, and goes on with a line from its input; the last line is what came of it.
Needs `langgraph` and nothing else.
"""

import json
import os
import sys
import time
import urllib.request
from typing import TypedDict

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.memory import MemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command, interrupt

URL, TOKEN = os.environ["CHARTER_URL"], os.environ["CHARTER_TOKEN"]
ANSWER_S = 30  # of one request; a timeout is an error, and then nothing is sent
JUDGED_S = 60  # the gate alone takes milliseconds
OPEN = ("judged_next", "waits_for_people", "permitted")


class State(TypedDict):
    to: str
    body: str
    sent: list


def ask(method: str, path: str, body: dict | None = None, key: str | None = None) -> dict:
    """One request. Anything but an answer raises: a timeout, a 4xx, a 5xx. Nothing runs then."""
    headers = {"authorization": f"Bearer {TOKEN}", "content-type": "application/json"}
    if key is not None:
        headers["idempotency-key"] = key
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{URL}{path}", data=data, headers=headers, method=method)
    with urllib.request.urlopen(request, timeout=ANSWER_S) as response:
        return json.load(response)


def warrant_for(tool: str, args: dict, key: str, rationale: str) -> tuple[str, str]:
    """The action and its warrant, once it is permitted; the graph is interrupted while people decide."""
    action = ask("POST", "/v1/actions", {"tool": tool, "args": args, "rationale": rationale}, key)["id"]
    until = time.monotonic() + JUDGED_S
    while time.monotonic() < until:
        now = ask("GET", f"/v1/actions/{action}?wait=5&from=judged_next")
        if now["state"] not in OPEN:
            raise RuntimeError(f"{action} is {now['state']}: {'; '.join((now['decision'] or {}).get('why', []))}")
        if now["state"] == "waits_for_people":
            interrupt({"charter": action, "says": "people decide"})
            until = time.monotonic() + JUDGED_S
        if now["state"] == "permitted":
            fetched = ask("POST", f"/v1/actions/{action}/warrant")
            if fetched["warrant"] is not None:
                if fetched["again"]:
                    raise RuntimeError(f"the warrant of {action} was fetched before; see to it yourself")
                return action, fetched["warrant"]
    raise TimeoutError(f"{action} was not judged in {JUDGED_S} s; run the thread again")


def note(state: State, config: RunnableConfig) -> State:
    args = {"to": state["to"], "body": state["body"]}
    action, _warrant = warrant_for("crm.send_note", args, f"note-{config['configurable']['thread_id']}", "the customer waits for it")
    sent = [*state["sent"], state["to"]]  # here the note would leave
    ask("POST", f"/v1/actions/{action}/receipt", {"outcome": "done", "output": {"sent": len(sent)}})
    return {**state, "sent": sent}


def main(thread: str) -> None:
    builder = StateGraph(State)
    builder.add_node("note", note)
    builder.add_edge(START, "note")
    builder.add_edge("note", END)
    graph = builder.compile(checkpointer=MemorySaver())
    config = {"configurable": {"thread_id": thread}}
    given: object = {"to": "sam@customer.example", "body": "Your offer is ready.", "sent": []}
    while True:
        came = graph.invoke(given, config)
        waiting = [one.value for task in graph.get_state(config).tasks for one in task.interrupts]
        if not waiting:
            print(json.dumps({"sent": came["sent"]}), flush=True)
            return
        print(json.dumps({"interrupt": waiting[-1]}), flush=True)
        given = Command(resume=sys.stdin.readline().strip())


main(sys.argv[1])
