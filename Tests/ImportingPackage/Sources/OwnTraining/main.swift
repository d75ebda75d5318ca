import Foundation
import LockstepTraining

// The same program alone and as one of many ranks: OwnTraining, or mpirun -np 2 OwnTraining.
let communicator = try launchedCommunicator()
let value = Tensor([1], values: [Float(communicator.rank + 1)])
try communicator.startSum(ofFloatsIn: MemoryRegion(value, elements: 0..<1)).wait()
let ranks = communicator.size
if communicator.rank == 0 { print("\(ranks) ranks, sum \(value.values[0])") }
try communicator.finish()
exit(value.values[0] == Float(ranks * (ranks + 1) / 2) ? 0 : 1)
