import CommandLineArguments
import Foundation
import Optimizers

extension OptionDefinition {
    /// The option for a setting of optimisers.
    init(_ setting: OptimizerSetting) {
        let kind: ValueKind =
            switch setting.range {
            case .fraction: .number(.from(0, below: 1))
            case .positive: .number(.positive)
            case .toggle: .toggle
            }
        self.init(
            setting.optionName, kind, default: "\(setting.defaultValue)".replacingOccurrences(of: "e-0", with: "e-"),
            aliases: setting.aliases, help: setting.optionHelp)
    }
}
