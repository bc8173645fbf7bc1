public import ArgumentParser
public import Expectations

extension Severity: ExpressibleByArgument {}
