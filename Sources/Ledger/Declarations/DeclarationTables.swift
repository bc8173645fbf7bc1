/// What the projects have that instances over this store work with.
enum DeclarationTables {
    static let migration = """
        CREATE TABLE declarations (
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            part TEXT NOT NULL,
            instance TEXT NOT NULL,
            declared_at INTEGER NOT NULL,
            PRIMARY KEY (kind, name, part, instance)
        ) WITHOUT ROWID;
        """
}
