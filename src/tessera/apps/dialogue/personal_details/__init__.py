from tessera.apps.dialogue.personal_details.find import Detail, DetailKind, find_personal_details

__all__ = ["Detail", "DetailKind", "find_personal_details"]
