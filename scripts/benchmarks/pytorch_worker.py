"""One rank of scripts/benchmarks/benchmark-peers' PyTorch side, started by torchrun: prints one JSON line on rank 0."""
import argparse
import json
import os
import statistics
import time

import torch
import torch.distributed
import torch.nn.functional as functional
from torch.nn.parallel import DistributedDataParallel

from article_network import ArticleNetwork


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--global-batch", type=int, required=True)
    parser.add_argument("--steps", type=int, required=True)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.distributed.init_process_group("gloo")
    rank, ranks = torch.distributed.get_rank(), torch.distributed.get_world_size()
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[rank % len(cores)]})
    torch.manual_seed(0)
    network = ArticleNetwork().to(memory_format=torch.channels_last)
    model = DistributedDataParallel(network) if ranks > 1 else network
    optimizer = torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.9, nesterov=True, weight_decay=5e-4)
    batch = arguments.global_batch // ranks
    images = torch.randn(batch, 3, 32, 32).to(memory_format=torch.channels_last)
    labels = torch.randint(0, 10, (batch,))
    seconds = []
    for _ in range(arguments.steps + 2):
        start = time.perf_counter()
        optimizer.zero_grad(set_to_none=True)
        loss = functional.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        loss.item()
        seconds.append(time.perf_counter() - start)
    seconds = seconds[2:]
    if rank == 0:
        print(json.dumps({"images_per_second": arguments.global_batch / statistics.median(seconds),
                          "version": torch.__version__}), flush=True)
    torch.distributed.barrier()
    # Gloo's threads sometimes abort while a process group is taken down; the figures are out, so end without it.
    os._exit(0)


if __name__ == "__main__":
    main()
