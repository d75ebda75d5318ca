import LockstepTraining

/// Grey images of 12 × 12 with one bright stripe of three, which is the class.
public func stripedImages(_ count: Int, seed: UInt64) throws -> ImagesInMemory {
    let shape = ImageShape(height: 12, width: 12, channels: 1)
    return try ImagesInMemory(count: count, shape: shape, classNames: ["top", "middle", "bottom"]) { index, planes in
        var stream = RandomStream(seed: seed, purpose: .synthetic, sample: index)
        for element in planes.indices {
            planes[element] = UInt8(stream.next() % 128) + (element / 48 == index % 3 ? 128 : 0)
        }
        return index % 3
    }
}

/// Trains a small network with a layer of its own, or goes on with the run in `directory`, and measures it; every rank calls
/// it and gets the same outcome.
public func trainAndEvaluate(
    in directory: String, resume: Bool, maxSteps: Int? = nil, over communicator: any Communicator,
    progress: ProgressLine = .silent
) throws -> EvaluationOutcome {
    let test = try stripedImages(30, seed: 2)
    var options = RunOptions(output: directory)
    options.resume = resume
    options.maxSteps = maxSteps
    options.blocks = .standard.adding(ChannelScaleBlock.self)
    try TrainingRun.start(
        options, over: communicator, progress: progress,
        plan: { stored in
            if let stored { return stored }
            var plan = TrainingPlan()
            plan.architecture = Architecture([
                ConvolutionBlock(width: 8), ChannelScaleBlock(), ActivationBlock(.silu), MaximumPoolBlock(),
                GroupNormalizationBlock(groups: 2), DenseBlock(),
            ])
            (plan.epochs, plan.globalBatch, plan.learningRate, plan.augmentation) = (4, 12, 0.01, .none)
            return plan
        },
        data: { _ in RunData(training: try stripedImages(96, seed: 1), test: test, notices: []) })
    let evaluation = try CheckpointEvaluation(over: communicator, blocks: options.blocks) {
        try CheckpointDirectory(path: directory).newestGood()
    }
    return try evaluation.run(on: test, JobStart(evaluation.plan, over: communicator))
}
