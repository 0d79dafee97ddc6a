/**
 * What the domain's schemas say about fields, in German, keyed by their English sentence; numbers are `{n}`.
 * A test walks all schemas and requires every sentence of theirs here.
 */
export const fieldDe: Record<string, string> = {
  'A whole number of {n} or more.': 'Eine ganze Zahl ab {n}.',
  'An administrator has no daily limit.': 'Ein Administrator hat kein Tageslimit.',
  'At least {n} characters.': 'Mindestens {n} Zeichen.',
  'At most {n} at once.': 'Höchstens {n} auf einmal.',
  'At most {n} characters.': 'Höchstens {n} Zeichen.',
  'At most {n}.': 'Höchstens {n}.',
  'Choose a role.': 'Wählen Sie eine Rolle.',
  'Choose a workspace.': 'Wählen Sie einen Arbeitsbereich.',
  'Enter a name.': 'Geben Sie einen Namen ein.',
  'Enter a password.': 'Geben Sie ein Passwort ein.',
  'Enter a username.': 'Geben Sie einen Benutzernamen ein.',
  'Enter the setup code.': 'Geben Sie den Einrichtungscode ein.',
  'Enter your password.': 'Geben Sie Ihr Passwort ein.',
  'Enter your username.': 'Geben Sie Ihren Benutzernamen ein.',
  'Only a–z, {n}–{n}, dot, underscore and hyphen.': 'Nur a–z, 0–9, Punkt, Unterstrich und Bindestrich.',
  'Select somebody first.': 'Wählen Sie zuerst jemanden aus.',
  'Somebody is in both lists.': 'Jemand steht in beiden Listen.',
  'Start with a letter or a digit.': 'Beginnen Sie mit einem Buchstaben oder einer Ziffer.',
  'The link is incomplete.': 'Der Link ist unvollständig.',
  'The link is not valid.': 'Der Link ist nicht gültig.',
  'This contains characters that can’t be shown.': 'Das enthält Zeichen, die nicht dargestellt werden können.',
  'This is not an id.': 'Das ist keine Kennung.',
}
