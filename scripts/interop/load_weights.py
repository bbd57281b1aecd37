"""Loads weights that the studio saved with the official package, in torch and in flax, and compares the two.

    pip install "soma-models[flax]==0.1.7" torch
    python scripts/interop/load_weights.py FILE.safetensors...

Each file must load in both, give the same logits, and be written again to the same bytes.
"""

import sys

import jax.numpy as jnp
import numpy as np
import torch
from flax import nnx
from safetensors.numpy import load_file
from soma_models.v1.configs import ModelConfig
from soma_models.v1.flax.modules.model import Model as FlaxModel
from soma_models.v1.torch.modules.model import Model as TorchModel

# golden README, "Tolerances": logits of f32 on a CPU.
LOGITS = 1e-5
HEADS = {16: 4, 64: 4, 2048: 8}
TEXT = b"def largest(values):\n    return max(values)\n"


def config_of(path):
    tensors = load_file(path)
    vocab, dim = tensors["embedding.weight"].shape
    layers = {name.split(".")[2] for name in tensors if name.startswith("encoder.layers.")}
    hidden = tensors["encoder.layers.0.pwff.linear_inner.weight"].shape[1]
    return ModelConfig(
        dropout_rate=0.0,
        embedding_dim=dim,
        pwff_hidden_dim=hidden,
        num_layers=len(layers),
        num_heads=HEADS[dim],
        vocab_size=vocab,
    )


def check(path):
    with open(path, "rb") as file:
        raw = file.read()
    config = config_of(path)
    in_torch = TorchModel.load(path, config)
    in_torch.eval()
    in_flax = FlaxModel.load(path, config, nnx.Rngs(0))
    tokens = np.frombuffer(TEXT, dtype=np.uint8).astype(np.int32)[None]
    positions = np.arange(tokens.shape[1], dtype=np.int32)[None]
    with torch.no_grad():
        one = in_torch(torch.tensor(tokens, dtype=torch.long), torch.tensor(positions, dtype=torch.long)).numpy()
    other = np.asarray(in_flax(jnp.array(tokens), jnp.array(positions)))
    difference = float(np.abs(one - other).max())
    same = in_torch.save_bytes() == raw and in_flax.save_bytes() == raw
    ok = difference <= LOGITS and same
    print(f"{'ok      ' if ok else 'FAILED  '}{path} ({len(raw)} bytes, logits within {difference:.1e}, same bytes {same})")
    return ok


if __name__ == "__main__":
    sys.exit(0 if all([check(path) for path in sys.argv[1:]]) else 1)
