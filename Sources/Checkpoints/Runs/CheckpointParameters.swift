import Tensors

extension Checkpoint {
    /// What the names of an optimiser's state begin with.
    public static let optimizerPrefix = "optimizer."
    /// What the names of the images' normalisation begin with.
    public static let normalizationPrefix = "normalization."

    /// Appends every parameter of `table`, statistics included, from the flat block `block`, under its own name.
    public mutating func appendParameters(_ table: ParameterTable, from block: Tensor) {
        append(table.parameters, from: block, prefix: "")
    }

    /// Appends one slot of an optimiser's state, a flat block laid out like the parameters; statistics have none.
    ///
    /// - Precondition: `slot` has no dot.
    public mutating func appendOptimizerSlot(_ slot: String, _ table: ParameterTable, from block: Tensor) {
        append(table.parameters.filter { $0.role != .statistic }, from: block, prefix: Self.prefix(ofSlot: slot))
    }

    /// Appends the training set's mean and standard deviation maps, by which images are normalised.
    public mutating func appendNormalization(mean: Tensor, standardDeviation: Tensor) {
        append(NamedTensor(name: Self.meanName, shape: mean.shape, values: mean.values))
        append(
            NamedTensor(name: Self.deviationName, shape: standardDeviation.shape, values: standardDeviation.values))
    }

    /// The checkpoint with the names that a module has by itself, where wrappers of PyTorch (`DataParallel`,
    /// `DistributedDataParallel`, `torch.compile`) have put theirs before all of them.
    public var unwrapped: Checkpoint {
        let wrapper = ["module.", "_orig_mod."].first { wrapper in
            !tensors.isEmpty && tensors.allSatisfy { $0.name.hasPrefix(wrapper) }
        }
        guard let wrapper else { return self }
        let renamed = tensors.map {
            NamedTensor(name: String($0.name.dropFirst(wrapper.count)), shape: $0.shape, values: $0.values)
        }
        return Checkpoint(metadata: metadata, tensors: renamed, origin: origin).unwrapped
    }

    /// Puts weights and statistics into their flat blocks, wholly or, on an error, not at all.
    ///
    /// PyTorch's `num_batches_tracked` counters and the `optimizer.` and `normalization.` tensors are passed over.
    ///
    /// - Parameter blocks: the tables of parameters and the flat block that each describes.
    /// - Throws: `CheckpointError` when a tensor is missing, has another shape, belongs to no parameter, or holds numbers
    ///   that no network can work with.
    public func restoreParameters(_ blocks: [(table: ParameterTable, block: Tensor)]) throws(CheckpointError) {
        let parameters = blocks.flatMap(\.table.parameters)
        let found = try tensors(for: parameters, prefix: "")
        let known = Set(parameters.map(\.name))
        for tensor in tensors where !known.contains(tensor.name) && Self.isParameterName(tensor.name) {
            throw mismatch("has \(HeaderProblem.printable(tensor.name)), which this network does not have")
        }
        let targets = blocks.flatMap { block in block.table.parameters.map { _ in block.block } }
        for (index, parameter) in parameters.enumerated() {
            parameter.restore(found[index].values, into: targets[index])
        }
    }

    /// Puts one slot of an optimiser's state into the flat block `block`, wholly or, on an error, not at all.
    ///
    /// - Throws: `CheckpointError` when the checkpoint has no such slot, or the slot belongs to another network.
    public func restoreOptimizerSlot(
        _ slot: String, _ table: ParameterTable, into block: Tensor
    ) throws(CheckpointError) {
        guard optimizerSlots.contains(slot) else {
            let names = optimizerSlots.map(HeaderProblem.printable).joined(separator: ", ")
            throw CheckpointError(
                .mismatched,
                "\(origin) has no optimizer state \(slot) (it has: \(names.isEmpty ? "none" : names)). Choose the optimizer of that run, or "
                    + "start a new run with its weights.")
        }
        let parameters = table.parameters.filter { $0.role != .statistic }
        let prefix = Self.prefix(ofSlot: slot)
        let found = try tensors(for: parameters, prefix: prefix)
        let known = Set(parameters.map { prefix + $0.name })
        for tensor in tensors where tensor.name.hasPrefix(prefix) && !known.contains(tensor.name) {
            throw mismatch("has \(HeaderProblem.printable(tensor.name)), which this network does not have")
        }
        for (parameter, tensor) in zip(parameters, found) { parameter.restore(tensor.values, into: block) }
    }

    /// The names of the optimiser's slots, in the order of the file.
    public var optimizerSlots: [String] {
        var slots: [String] = []
        for tensor in tensors where tensor.name.hasPrefix(Self.optimizerPrefix) {
            let slot = String(tensor.name.dropFirst(Self.optimizerPrefix.count).prefix { $0 != "." })
            if !slots.contains(slot) { slots.append(slot) }
        }
        return slots
    }

    /// The mean and standard deviation maps by which images are normalised.
    ///
    /// - Throws: `CheckpointError` when one of them is missing or has another shape than `shape`.
    public func normalization(shape: Shape) throws(CheckpointError) -> (mean: Tensor, standardDeviation: Tensor) {
        func map(_ name: String) throws(CheckpointError) -> Tensor {
            guard let tensor = self[name] else {
                throw CheckpointError(
                    .missing,
                    "\(origin) has no \(name), so images cannot be normalised for it. Use a checkpoint that Lockstep "
                        + "wrote.")
            }
            guard tensor.shape == shape else {
                throw CheckpointError(
                    .mismatched,
                    "\(origin) has \(name) \(tensor.shape); the images are \(shape). Use the data of that run.")
            }
            return Tensor(shape, values: tensor.values)
        }
        return (try map(Self.meanName), try map(Self.deviationName))
    }

    private static let meanName = normalizationPrefix + "mean"
    private static let deviationName = normalizationPrefix + "standard_deviation"

    private static func prefix(ofSlot slot: String) -> String {
        precondition(!slot.contains("."), "a slot's name holds no dot")
        return "\(optimizerPrefix)\(slot)."
    }

    /// Whether a tensor of that name would be a parameter or statistic of a network.
    private static func isParameterName(_ name: String) -> Bool {
        !name.hasPrefix(optimizerPrefix) && !name.hasPrefix(normalizationPrefix)
            && !name.hasSuffix(".num_batches_tracked")
    }

    private mutating func append(_ parameters: [Parameter], from block: Tensor, prefix: String) {
        for parameter in parameters {
            append(
                NamedTensor(
                    name: prefix + parameter.name, shape: parameter.exportedShape,
                    values: parameter.exported(from: block)))
        }
    }

    /// The tensors of some parameters, all present and of the right shape.
    private func tensors(for parameters: [Parameter], prefix: String) throws(CheckpointError) -> [NamedTensor] {
        let byName = Dictionary(tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var found: [NamedTensor] = []
        for parameter in parameters {
            let name = prefix + parameter.name
            guard let tensor = byName[name] else {
                throw mismatch("has no \(name), which this network needs")
            }
            guard tensor.shape == parameter.exportedShape else {
                throw mismatch("has \(name) \(tensor.shape); this network needs \(parameter.exportedShape)")
            }
            if let flaw = tensor.flaw {
                throw CheckpointError(
                    .unusable,
                    "\(origin) cannot be used, because \(name) \(flaw). Use a checkpoint of before that happened.")
            }
            found.append(tensor)
        }
        return found
    }

    private func mismatch(_ what: String) -> CheckpointError {
        CheckpointError(
            .mismatched,
            "\(origin) \(what). Pass --stages and the other network options of the run that wrote it, or start a new "
                + "run.")
    }
}
