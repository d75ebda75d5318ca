"""The article's network as a plain PyTorch module, for the scripts that compare Lockstep with PyTorch.

Its parameter names are those of Lockstep's checkpoints: `load_state_dict(strict=True)` takes a checkpoint after the
entries beginning with `optimizer.` and `normalization.` have been dropped.
"""
import torch
import torch.nn.functional as functional


class Unit(torch.nn.Module):
    """BN -> ReLU -> Conv 3x3."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.bn = torch.nn.BatchNorm2d(inputs, eps=1e-3, momentum=0.01)
        self.conv = torch.nn.Conv2d(inputs, outputs, 3, padding=1)

    def forward(self, images):
        return self.conv(functional.relu(self.bn(images)))


class ArticleNetwork(torch.nn.Module):
    """64x3, max pool, 128x3, max pool, 256x3, dropout, average pool, dense."""

    def __init__(self, dropout=0.5):
        super().__init__()
        widths = [3, 64, 64, 64, 128, 128, 128, 256, 256, 256]
        self.units = torch.nn.ModuleList(Unit(a, b) for a, b in zip(widths, widths[1:]))
        self.classifier = torch.nn.Linear(256, 10)
        self.dropout = dropout

    def forward(self, images):
        for index, unit in enumerate(self.units):
            if index in (3, 6):
                images = functional.max_pool2d(images, 2)
            images = unit(images)
        images = functional.dropout(images, self.dropout, self.training)
        return self.classifier(functional.avg_pool2d(images, 8).flatten(1))
