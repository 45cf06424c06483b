"""People: the personnel, the competence matrix, absences and invitations."""
