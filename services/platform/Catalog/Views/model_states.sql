-- Every registered version of every model with its present state, which its newest transition has given it.
CREATE VIEW model_states AS
SELECT m.name, m.version, m.package_sha256, t.state, t.number, t.changed_by, t.changed_at
FROM models m
JOIN model_transitions t ON t.name = m.name AND t.number = (
    SELECT MAX(x.number) FROM model_transitions x WHERE x.name = m.name AND x.version = m.version);
