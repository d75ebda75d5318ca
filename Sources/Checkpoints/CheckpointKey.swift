/// The metadata keys of a checkpoint. All values are texts, as the format demands.
public enum CheckpointKey {
    /// The version of the content's layout; `Checkpoint.write(to:)` sets it to `Checkpoint.format`.
    public static let format = "lockstep.format"
    /// The SHA-256 of the content as 64 hexadecimal digits; set by `Checkpoint.write(to:)`.
    public static let digest = "lockstep.digest"
    /// Before a tensor's name: the SHA-256 of that tensor's elements, as 64 hexadecimal digits; set by
    /// `Checkpoint.write(to:)`. It tells which tensor of a damaged file is the damaged one.
    public static let tensorDigestPrefix = "lockstep.sha256."
    /// The global step: how many steps the run has taken.
    public static let step = "lockstep.step"
    /// The 0-based epoch that the next step belongs to.
    public static let epoch = "lockstep.epoch"
    /// The number of steps the optimiser has taken (`Optimizer.stepCount`).
    public static let optimizerStep = "lockstep.optimizer_step"
    /// The training plan as JSON.
    public static let plan = "lockstep.plan"
    /// The fingerprint of the data the run trains on.
    public static let data = "lockstep.data"
    /// The version of the program that wrote the file.
    public static let program = "lockstep.program"
}
