#!/usr/bin/env python3
"""Trains the proxies of this project by PyTorch: what a user would pick instead of our engines.

    torch_population.py [--sizes 20k,100k] [--populations 1,8,32] [--device cpu|cuda] [--threads N]
                        [--seconds 2] [--compile] [--tf32]

The model is that of lib/training/reference.ts: a decoder over bytes with RMSNorm, rotary embedding, SwiGLU and no
biases, 8 rows of `context` tokens a step, AdamW with each proxy's gradient clipped by its own norm. A population has
a leading axis, and its products are batched. Prints one line of JSON per size and population: tokens per second by
the clock and per second of processor time. `--check` reads parameters and batches from the standard input and prints
the losses, so that a test can see that this is the same work: see bench/torch.ts.

Needs PyTorch 1.13 or later; `--compile` needs 2.0.
"""

import argparse
import base64
import json
import math
import os
import sys
import time

import torch
from torch.nn import functional

# As in lib/training/shape.ts and options.ts.
VOCABULARY = 257
SIZES = {
    "7k": {"layers": 1, "heads": 2, "width": 12, "hidden": 16, "context": 32},
    "20k": {"layers": 2, "heads": 4, "width": 24, "hidden": 32, "context": 48},
    "100k": {"layers": 2, "heads": 4, "width": 64, "hidden": 96, "context": 64},
    "400k": {"layers": 2, "heads": 4, "width": 128, "hidden": 256, "context": 96},
    "1m": {"layers": 2, "heads": 8, "width": 256, "hidden": 512, "context": 128},
}
ROWS = 8
TRAINING = {"betas": [0.9, 0.95], "epsilon": 1e-8, "weightDecay": 0.1, "clip": 1.0, "learningRate": 1e-3, "warmUp": 100}


def layout_of(shape):
    """Rows, columns and starting deviation of every block, in the order of the flat parameters; None for gains."""
    layers, width, hidden = shape["layers"], shape["width"], shape["hidden"]
    usual = math.sqrt(2 / (5 * width))
    residual = 1 / (layers * math.sqrt(width))
    layer = [
        (1, width, None),
        (width, 3 * width, usual),
        (width, width, residual),
        (1, width, None),
        (width, 2 * hidden, usual),
        (hidden, width, residual),
    ]
    return [(VOCABULARY, width, usual)] + layers * layer + [(1, width, None), (width, VOCABULARY, usual)]


def operations_per_token(shape):
    """As bench/training.ts counts them: six a weight but the embedding, and the products within attention."""
    weights = sum(rows * columns for rows, columns, deviation in layout_of(shape)[1:] if deviation is not None)
    return 6 * weights + 12 * shape["layers"] * shape["width"] * shape["context"]


class Population:
    """P proxies side by side. All parameters lie in one P x N tensor, so that AdamW takes a dozen operations."""

    def __init__(self, shape, flat, training, is_compiled=False):
        self.shape, self.flat, self.training = shape, flat, training
        self.count = flat.shape[0]
        self.first = torch.zeros_like(flat)
        self.second = torch.zeros_like(flat)
        self.steps = 0
        self.blocks = []
        decay = torch.zeros(flat.shape[1])
        offset = 0
        for rows, columns, deviation in layout_of(shape):
            size = rows * columns
            block = flat[:, offset : offset + size].view(self.count, rows, columns)
            self.blocks.append(block.detach().requires_grad_())
            if deviation is not None:
                decay[offset : offset + size] = training["weightDecay"]
            offset += size
        self.decay = decay.to(flat.device)
        context, size = shape["context"], shape["width"] // shape["heads"]
        rates = 10_000.0 ** (-torch.arange(size // 2, dtype=torch.float64) / (size // 2))
        angles = torch.arange(context, dtype=torch.float64)[:, None] * torch.cat([rates, rates])[None]
        self.cosines = angles.cos().float().to(flat.device)
        self.sines = angles.sin().float().to(flat.device)
        hidden = torch.ones(context, context, dtype=torch.bool).triu(1)
        self.mask = torch.zeros(context, context).masked_fill(hidden, -math.inf).to(flat.device)
        self.starts = (VOCABULARY * torch.arange(self.count, device=flat.device))[:, None]
        self.losses_of = torch.compile(self.losses_of, dynamic=False) if is_compiled else self.losses_of
        self.update = torch.compile(self.update, dynamic=False) if is_compiled else self.update

    def product(self, x, block):
        """P x tokens x something times the matrix of each proxy; a single proxy is spared the batch."""
        return (x[0] @ block[0])[None] if self.count == 1 else torch.bmm(x, block)

    def turn(self, x):
        """Rotary embedding: a dimension turns with the one half a head further."""
        a, b = x.chunk(2, -1)
        return x * self.cosines + torch.cat([-b, a], -1) * self.sines

    def attend(self, joint):
        """Causal attention within rows of `context` tokens."""
        heads, width, context = self.shape["heads"], self.shape["width"], self.shape["context"]
        size = width // heads
        parts = joint.view(-1, context, 3, heads, size).permute(2, 0, 3, 1, 4)
        query, key, value = self.turn(parts[0]), self.turn(parts[1]), parts[2]
        if hasattr(functional, "scaled_dot_product_attention"):
            mixed = functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        else:
            scores = torch.matmul(query * (1 / math.sqrt(size)), key.transpose(-1, -2)) + self.mask
            mixed = torch.matmul(scores.softmax(-1), value)
        return mixed.transpose(1, 2).reshape(self.count, -1, width)

    def losses_of(self, blocks, batch):
        """Mean loss of each proxy on its own batch, P x rows x (context + 1) tokens."""
        hidden = self.shape["hidden"]
        inputs = batch[:, :, :-1].reshape(self.count, -1)
        targets = batch[:, :, 1:].reshape(-1)

        def norm(x, gains):
            return x * torch.rsqrt((x * x).mean(-1, keepdim=True) + 1e-5) * gains

        embedding, *inner = blocks
        table = embedding.reshape(self.count * VOCABULARY, -1)
        x = functional.embedding(inputs + self.starts, table)
        for layer in range(self.shape["layers"]):
            gains, joint, out, feed_gains, feed, feed_out = inner[6 * layer : 6 * layer + 6]
            mixed = self.attend(self.product(norm(x, gains), joint))
            x = x + self.product(mixed, out)
            gate, up = self.product(norm(x, feed_gains), feed).split(hidden, -1)
            x = x + self.product(functional.silu(gate) * up, feed_out)
        gains, head = inner[-2:]
        logits = self.product(norm(x, gains), head)
        each = functional.cross_entropy(logits.reshape(-1, VOCABULARY), targets, reduction="none")
        return each.view(self.count, -1).mean(1)

    def update(self, gradients, numbers):
        """AdamW, in place. The numbers: rate, and the corrections of both moments."""
        beta1, beta2 = self.training["betas"]
        rate, first_correction, second_correction = numbers
        gradient = torch.cat([each.reshape(self.count, -1) for each in gradients], 1)
        gradient *= (self.training["clip"] / gradient.norm(dim=1, keepdim=True)).clamp(max=1)
        self.first.mul_(beta1).add_(gradient, alpha=1 - beta1)
        self.second.mul_(beta2).addcmul_(gradient, gradient, value=1 - beta2)
        root = (self.second * second_correction).sqrt_().add_(self.training["epsilon"])
        self.flat.mul_(1 - self.decay * rate).sub_((self.first * (rate * first_correction)).div_(root))

    def advance(self, batch):
        """Trains a step; returns the losses before it."""
        losses = self.losses_of(self.blocks, batch)
        gradients = torch.autograd.grad(losses.sum(), self.blocks)
        self.steps += 1
        beta1, beta2 = self.training["betas"]
        rate = self.training["learningRate"] * min(1, self.steps / self.training["warmUp"])
        corrections = 1 / (1 - beta1**self.steps), 1 / (1 - beta2**self.steps)
        # A tensor, as a compiled function would be compiled again for every other number.
        numbers = torch.tensor([rate, *corrections], device=self.flat.device)
        with torch.no_grad():
            self.update(gradients, numbers)
        return losses.detach()


def start_of(shape, count, device):
    """Parameters to start with, P x N."""
    generator = torch.Generator().manual_seed(1)
    parts = []
    for rows, columns, deviation in layout_of(shape):
        one = torch.ones(rows * columns)
        if deviation is not None:
            one = torch.randn(rows * columns, generator=generator) * deviation
        parts.append(one)
    return torch.cat(parts).repeat(count, 1).to(device)


def blas_libraries():
    """The libraries of linear algebra that this process has loaded; Linux tells."""
    try:
        with open("/proc/self/maps", encoding="utf-8") as maps:
            paths = {line.split()[-1] for line in maps if ".so" in line}
    except OSError:
        return []
    names = {os.path.basename(os.path.realpath(path)) for path in paths}
    return sorted(name for name in names if "blas" in name or "mkl" in name)


def measure(size, count, options):
    """One line of figures."""
    shape, device = SIZES[size], options.device
    population = Population(shape, start_of(shape, count, device), TRAINING, options.compile)
    generator = torch.Generator().manual_seed(2)
    shape_of_batch = (count, ROWS, shape["context"] + 1)
    batches = [torch.randint(0, 256, shape_of_batch, generator=generator).to(device) for _ in range(4)]
    wait = torch.cuda.synchronize if device == "cuda" else lambda: None
    for batch in batches[:3]:
        first = population.advance(batch)
    wait()
    # Read once in a while, as our trainers do.
    turn = 10 if device == "cuda" else 1
    start, used, steps = time.perf_counter(), time.process_time(), 0
    # Both clocks: where others use the cores, a second of the one is little of the other.
    while time.perf_counter() - start < options.seconds or (
        device == "cpu" and time.process_time() - used < options.seconds
    ):
        for _ in range(turn):
            losses = population.advance(batches[steps % len(batches)])
            steps += 1
        wait()
    tokens = steps * count * ROWS * shape["context"]
    by_clock = tokens / (time.perf_counter() - start)
    return {
        "size": size,
        "population": count,
        "isCompiled": options.compile,
        "tokensPerSecond": by_clock,
        "tokensPerProcessorSecond": tokens / (time.process_time() - used),
        "gflops": by_clock * operations_per_token(shape) / 1e9,
        "lossBefore": first[0].item(),
        "lossAfter": losses[0].item(),
    }


def check():
    """Losses of as many steps as there are batches, P a step, for what bench/torch.ts writes."""
    given = json.load(sys.stdin)
    flat = torch.frombuffer(bytearray(base64.b64decode(given["parameters"])), dtype=torch.float32)
    population = Population(given["shape"], flat.view(given["count"], -1).clone(), given["training"])
    losses = [population.advance(torch.tensor(batch)).tolist() for batch in given["batches"]]
    print(json.dumps({"losses": losses}))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", default="20k,100k,400k,1m")
    parser.add_argument("--populations", default="1,8,32,128,512")
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--tf32", action="store_true", help="faster and less precise products, on CUDA")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    if options.check:
        check()
        return
    if options.threads:
        torch.set_num_threads(options.threads)
    torch.backends.cuda.matmul.allow_tf32 = options.tf32
    about = {
        "torch": torch.__version__,
        "device": torch.cuda.get_device_name() if options.device == "cuda" else "cpu",
        "threads": torch.get_num_threads(),
        "blas": blas_libraries(),
    }
    for count in map(int, options.populations.split(",")):
        for size in options.sizes.split(","):
            try:
                line = measure(size, count, options)
            except RuntimeError as error:
                # Out of memory, most likely: the other populations go on.
                line = {"size": size, "population": count, "isCompiled": options.compile, "failed": str(error)[:200]}
            print(json.dumps({**line, **about}), flush=True)


main()
