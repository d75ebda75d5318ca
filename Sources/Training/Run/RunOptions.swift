import Layers

/// What a run reads and writes: everything that does not change what it computes.
public struct RunOptions: Sendable, Equatable {
    /// The run directory, for checkpoints and metrics; empty for a new one below `runs/`, named by the time.
    public var output: String
    /// Whether to go on from the newest checkpoint in `output`.
    public var resume = false
    /// The weights to start from, instead of random ones.
    public var initialWeights: String?
    /// The threads of this rank.
    public var threads = 1
    /// How the granules of a global batch are spread over the ranks.
    public var balance = Balance.even
    /// Stop after so many steps since the start of training.
    public var maxSteps: Int?
    /// How often to write a checkpoint besides the one after each epoch.
    public var checkpointEvery: CheckpointInterval?
    /// The seconds before each further attempt to write a checkpoint.
    package var checkpointPauses = CheckpointWriter.pauses
    /// After how many steps, and before every checkpoint, the replicas are compared; 0 for never.
    public var auditEvery = 20
    /// The seconds that ranks wait for one that gives no sign of life.
    public var stallTimeout = RunOptions.patience
    /// The failures to rehearse.
    public var faults: [Fault] = []
    /// The blocks that the network of a run to go on with may have.
    public var blocks = BlockCatalogue.standard
    /// How many checkpoints to keep.
    public var keep = 3
    /// The program's version, written into checkpoints.
    public var program: String
    /// The digest of the program's file, which all ranks must share.
    public var buildDigest: String

    /// The `stallTimeout` of those who do not choose one.
    public static let patience = 120.0

    /// Options for a run that writes into `output`, or where nil into a new directory below `runs/`. Without a digest
    /// nobody notices that ranks are of different builds.
    public init(output: String?, program: String = "", buildDigest: String = "") {
        self.output = output.map { RunDirectory.name($0) } ?? ""
        self.program = program
        self.buildDigest = buildDigest
    }
}
