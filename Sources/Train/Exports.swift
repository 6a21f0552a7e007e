@_exported import ArrayFiles
@_exported import Autograd
@_exported import Layers
@_exported import Tensor
