// What a package of one's own imports, in one line: everything that trains, and the transport that joins the ranks.
//
// MPITransport is among them on purpose. `launchedCommunicator()` is how a program finds out whether it runs alone or as
// one of many ranks, so that the same program does both; libraries of this package take any `Communicator` and know of no
// transport. What draws, measures and parses command lines stays out.
@_exported import Checkpoints
@_exported import Collectives
@_exported import Datasets
@_exported import Failures
@_exported import GradientExchange
@_exported import Granules
@_exported import Kernels
@_exported import Layers
@_exported import MPITransport
@_exported import Optimizers
@_exported import Reports
@_exported import Tensors
@_exported import Training
