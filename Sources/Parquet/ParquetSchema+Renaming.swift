/// Files whose fields have other names than those that their readers know: tables keep their own.
extension ParquetFile {
    /// The same file, its fields under other names; they are the schema's own, renamed.
    public func renamed(_ fields: [SchemaNode]) -> ParquetFile {
        ParquetFile(self, schema: schema.renamed(fields), shownSchema: shownSchema)
    }
}

extension ParquetSchema {
    fileprivate func renamed(_ fields: [SchemaNode]) -> ParquetSchema {
        var renamed = leaves
        func walk(_ node: SchemaNode, _ path: [String]) {
            let path = path + [node.name]
            guard node.isLeaf else { return node.children.forEach { walk($0, path) } }
            let index = node.leaves.lowerBound
            renamed[index] = SchemaLeaf(leaves[index], path: path)
        }
        fields.forEach { walk($0, []) }
        return ParquetSchema(name: name, fields: fields, leaves: renamed)
    }
}

extension SchemaNode {
    /// The same field under another name, with the same fields inside of it under other names.
    public func renamed(_ name: String, _ children: [SchemaNode]) -> SchemaNode {
        precondition(children.map(\.leaves) == self.children.map(\.leaves), "the fields inside stay what they are")
        return SchemaNode(
            name: name, repetition: repetition, annotation: annotation, fieldID: fieldID,
            content: isLeaf ? content : .group(children), definitionLevel: definitionLevel,
            repetitionLevel: repetitionLevel, leaves: leaves)
    }
}

extension SchemaLeaf {
    fileprivate init(_ leaf: SchemaLeaf, path: [String]) {
        self.init(
            index: leaf.index, path: path, type: leaf.type, typeLength: leaf.typeLength, annotation: leaf.annotation,
            maximumDefinitionLevel: leaf.maximumDefinitionLevel, maximumRepetitionLevel: leaf.maximumRepetitionLevel)
    }
}
