"""How fast a backbone's features are computed, against what the processor can do at most.

    python tools/train_bench.py --backbone hf:FOLDER
    python tools/train_bench.py --backbone vgg16 --random

The matrix rate is that of products of 2048 × 2048 matrices with as many threads and in the same precision; that of
the network counts the operations that PyTorch counts. Each is the best of several short runs, in turn, so that other
work on the machine disturbs them alike; with `--threads 1` the process's own time counts, which it disturbs least.
"""

import argparse
import os
from pathlib import Path
from time import perf_counter, process_time

import torch
from torch.utils.flop_counter import FlopCounterMode

from diorama.learn.backbones import Architecture, Backbone, build, channels_last, folded, generator, load_backbone
from diorama.learn.networks import initialize

SIDE = 2048


def backbone_of(spec: str, random: bool, weights: Path | None) -> Backbone:
    """The backbone, with random weights where the real ones are not wanted."""
    if random and spec == "vgg16":
        backbone = build(Architecture(spec, 512, 224, 256)).eval()
        initialize(backbone, generator(0, "backbone"))
        return backbone
    return load_backbone(spec, weights)


def main() -> None:
    """Print a row per precision."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--backbone", default="vgg16")
    parser.add_argument("--random", action="store_true", help="random weights for VGG-16")
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    backbone = channels_last(folded(backbone_of(arguments.backbone, arguments.random, arguments.weights)))
    x = torch.rand(arguments.batch, 3, backbone.size, backbone.size, generator=generator(0, "bench"))
    x = x.contiguous(memory_format=torch.channels_last)
    a = torch.rand(SIDE, SIDE, generator=generator(0, "bench"))
    with torch.inference_mode(), FlopCounterMode(display=False) as counter:
        backbone(x[:1])
    flops = counter.get_total_flops()
    print(f"{backbone.name}, {flops / 1e9:.2f} GFLOP per image, {arguments.threads} threads")
    print("| precision | images/s | network, GFLOP/s | matrices, GFLOP/s | fraction |\n|---|---|---|---|---|")
    clock = process_time if arguments.threads == 1 else perf_counter
    for precision, dtype in (("float32", torch.float32), ("bfloat16", torch.bfloat16)):
        matrix = a.to(dtype)
        images = products = 0.0
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=precision == "bfloat16"):
            for _ in range(arguments.runs):
                start = clock()
                matrix @ matrix
                middle = clock()
                backbone(x)
                images = max(images, arguments.batch / (clock() - middle))
                products = max(products, 2 * SIDE**3 / (middle - start))
        rate = images * flops
        figures = f"{images:.1f} | {rate / 1e9:.0f} | {products / 1e9:.0f} | {rate / products:.0%}"
        print(f"| {precision} | {figures} |", flush=True)


if __name__ == "__main__":
    main()
