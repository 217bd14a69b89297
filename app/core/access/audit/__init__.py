"""The audit: who did what or tried to, in chained logs that keep their evidence."""

from app.core.access.audit.acts import AuditedAction, AuditFilter, AuditLog, AuditOutcome, AuditRecord, log_of
from app.core.access.audit.store import Audit

__all__ = ["Audit", "AuditFilter", "AuditLog", "AuditOutcome", "AuditRecord", "AuditedAction", "log_of"]
