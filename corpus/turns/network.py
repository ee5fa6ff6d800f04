"""CAM++ as an ONNX graph, made of its weights: onnxruntime hears with it, which speech recognition brings along anyway.

The layers are those of the paper (arXiv 2303.00332) and of 3D-Speaker's code, for windows of at most two seconds: there the averages over
segments of two seconds and over the whole window, which the paper adds up, are the same.
"""

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from corpus.turns.weights import Tensors

MELS, DIMENSIONS = 80, 192
LONGEST_FRAMES = 200
# (layers, dilation) of each dense block.
_BLOCKS = ((12, 1), (24, 2), (16, 2))
_AROUND = [1, 1, 1, 1]


def voice_network(tensors: Tensors) -> bytes:
    """The network: `frames`, windows × frames × mel bands without their mean, to `voices`, windows × dimensions."""
    graph = _Graph(tensors)
    x = graph.add("Transpose", "frames", perm=[0, 2, 1])
    x = _front(graph, graph.add("Unsqueeze", x, graph.constant("first", np.array([1]))))
    x = graph.add("Reshape", x, graph.constant("flat", np.array([0, MELS // 8 * 32, -1])))
    x = graph.normed(graph.convolved(x, "xvector.tdnn.linear", strides=[2], pads=[2, 2]), "xvector.tdnn.nonlinear.batchnorm")
    for number, (layers, dilation) in enumerate(_BLOCKS, 1):
        for layer in range(1, layers + 1):
            x = _dense(graph, x, f"xvector.block{number}.tdnnd{layer}", dilation)
        name = f"xvector.transit{number}"
        x = graph.convolved(graph.normed(x, f"{name}.nonlinear.batchnorm"), f"{name}.linear")
    x = _pooled(graph, graph.normed(x, "xvector.out_nonlinear.batchnorm"))
    x = graph.normed(graph.convolved(x, "xvector.dense.linear"), "xvector.dense.nonlinear.batchnorm", relu=False)
    graph.add("Squeeze", x, graph.constant("time", np.array([2])), out="voices")
    return graph.made()


def _front(graph: "_Graph", x: str) -> str:
    """Two-dimensional convolutions over the mel bands: eighty of them become ten."""
    x = graph.normed(graph.convolved(x, "head.conv1", pads=_AROUND), "head.bn1")
    for name, stride in (("layer1.0", 2), ("layer1.1", 1), ("layer2.0", 2), ("layer2.1", 1)):
        at = f"head.{name}"
        y = graph.normed(graph.convolved(x, f"{at}.conv1", strides=[stride, 1], pads=_AROUND), f"{at}.bn1")
        y = graph.normed(graph.convolved(y, f"{at}.conv2", pads=_AROUND), f"{at}.bn2", relu=False)
        if f"{at}.shortcut.0.weight" in graph.tensors:
            x = graph.normed(graph.convolved(x, f"{at}.shortcut.0", strides=[stride, 1]), f"{at}.shortcut.1", relu=False)
        x = graph.add("Relu", graph.add("Add", y, x))
    return graph.normed(graph.convolved(x, "head.conv2", strides=[2, 1], pads=_AROUND), "head.bn2")


def _dense(graph: "_Graph", x: str, at: str, dilation: int) -> str:
    """One layer of a dense block, which lets through what fits the whole window."""
    y = graph.convolved(graph.normed(x, f"{at}.nonlinear1.batchnorm"), f"{at}.linear1")
    y = graph.normed(y, f"{at}.nonlinear2.batchnorm")
    local = graph.convolved(y, f"{at}.cam_layer.linear_local", pads=[dilation, dilation], dilations=[dilation])
    mean = graph.add("ReduceMean", y, graph.constant("time", np.array([2])), keepdims=1)
    context = graph.add("Mul", mean, graph.constant("twice", np.float32(2)))
    gate = graph.convolved(graph.add("Relu", graph.convolved(context, f"{at}.cam_layer.linear1")), f"{at}.cam_layer.linear2")
    return graph.add("Concat", x, graph.add("Mul", local, graph.add("Sigmoid", gate)), axis=1)


def _pooled(graph: "_Graph", x: str) -> str:
    """Mean and standard deviation over time, the latter of a sample."""
    time = graph.constant("time", np.array([2]))
    mean = graph.add("ReduceMean", x, time, keepdims=1)
    off = graph.add("Sub", x, mean)
    length = graph.add("Gather", graph.add("Shape", x), graph.constant("last", np.array(2)))
    fewer = graph.add("Sub", graph.add("Cast", length, to=TensorProto.FLOAT), graph.constant("one", np.float32(1)))
    squares = graph.add("ReduceSum", graph.add("Mul", off, off), time, keepdims=1)
    return graph.add("Concat", mean, graph.add("Sqrt", graph.add("Div", squares, fewer)), axis=1)


class _Graph:
    """Nodes and constants as they are added; what a node makes is known by its name."""

    def __init__(self, tensors: Tensors) -> None:
        self.tensors = tensors
        self.nodes: list[Any] = []
        self.constants: dict[str, Any] = {}

    def constant(self, name: str, value: NDArray[Any] | np.float32) -> str:
        if name not in self.constants:
            self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value).reshape(np.shape(value)), name)
        return name

    def add(self, kind: str, *given: str, out: str = "", **how: Any) -> str:
        name = out or f"node{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(given), [name], **how))
        return name

    def weight(self, name: str) -> str:
        return self.constant(name, self.tensors[name])

    def convolved(self, x: str, at: str, **how: Any) -> str:
        bias = [self.weight(f"{at}.bias")] if f"{at}.bias" in self.tensors else []
        return self.add("Conv", x, self.weight(f"{at}.weight"), *bias, **how)

    def normed(self, x: str, at: str, *, relu: bool = True) -> str:
        mean = self.tensors[f"{at}.running_mean"]
        plain = {"weight": np.ones_like(mean), "bias": np.zeros_like(mean)}  # of a layer that learnt neither
        learnt = [self.constant(f"{at}.{part}", self.tensors.get(f"{at}.{part}", value)) for part, value in plain.items()]
        measured = [self.weight(f"{at}.running_{part}") for part in ("mean", "var")]
        y = self.add("BatchNormalization", x, *learnt, *measured, epsilon=1e-5)
        return self.add("Relu", y) if relu else y

    def made(self) -> bytes:
        given = helper.make_tensor_value_info("frames", TensorProto.FLOAT, ["windows", "frames", MELS])
        told = helper.make_tensor_value_info("voices", TensorProto.FLOAT, ["windows", DIMENSIONS])
        graph = helper.make_graph(self.nodes, "campplus", [given], [told], list(self.constants.values()))
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
        onnx.checker.check_model(model)
        return bytes(model.SerializeToString())
