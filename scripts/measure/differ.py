"""An item of make proof: 10,000,000 mutated documents, judged by the JSON reader and by simdjson, in chunks that an interrupted run does not repeat.

    differ.py OUTPUT

Two documents that both accept have to have the same content, by digest. Every other difference has to have a known reason, or the item fails and keeps
the documents. Variables: PROOF_DOCUMENTS (10000000), PROOF_SEED.
"""
import collections
import json
import subprocess
import sys
from pathlib import Path

from services import ROOT, say, variable

CHUNK = 100_000
PROGRAM = ROOT / ".build-measuring/differ"


def main(output):
    documents = variable("PROOF_DOCUMENTS", 10_000_000)
    seed = variable("PROOF_SEED", 20261123)
    program = subprocess.run(["sha256sum", PROGRAM], capture_output=True, text=True, check=True).stdout[:16]
    done = Path(output).with_name(f"json-simdjson.{program}.{seed}.jsonl")
    chunks = {}
    if done.exists():
        chunks = {chunk["chunk"]: chunk for chunk in map(json.loads, done.read_text().splitlines())}
        say(f"json-simdjson: {len(chunks)} chunks are done already")
    with done.open("a") as file:
        for number in range(-(-documents // CHUNK)):
            if number in chunks:
                continue
            finished = subprocess.run([PROGRAM, str(seed), str(number), str(CHUNK)], capture_output=True, text=True)
            if finished.returncode:
                Path(output).write_text(json.dumps({"failure": f"chunk {number} ended with {finished.returncode}: {finished.stderr[-300:]}"}))
                sys.exit(1)
            chunks[number] = {"chunk": number, **json.loads(finished.stdout)}
            file.write(json.dumps(chunks[number]) + "\n")
            file.flush()
    counts = collections.Counter()
    for chunk in chunks.values():
        counts.update(chunk["counts"])
    unexplained = [document for chunk in chunks.values() for document in chunk["unexplained"]][:20]
    result = {"seed": seed, "documents": sum(counts.values()), **dict(sorted(counts.items()))}
    if unexplained:
        result["failure"] = f"differences without a reason: {unexplained}"
    Path(output).write_text(json.dumps(result, indent=1) + "\n")
    sys.exit("failure" in result)


if __name__ == "__main__":
    main(sys.argv[1])
