-- Lineage asks from the other side: which contradictions a memory is in, and whose place it ever took.
CREATE INDEX contradictions_of_newer ON contradictions (tenant_id, memory_id, created_position);
CREATE INDEX contradictions_of_older ON contradictions (tenant_id, other_id, created_position);
CREATE INDEX memory_versions_superseded ON memory_versions (tenant_id, superseded_by) WHERE superseded_by IS NOT NULL;
