import type { Same } from '../i18n/shape.ts'
import type { setupEn } from './setup.en.ts'

/** The checklist after setup, in German. */
export const setupDe: Same<typeof setupEn> = {
  title: 'Erste Schritte',
  sentence: 'Mit diesen Schritten wird die Instanz bereit für Ihr Team. Sie werden automatisch abgehakt.',
  progress: '{done} von {all} erledigt',
  doneState: 'Erledigt',
  openState: 'Offen',
  allDone: 'Alles ist bereit.',
  steps: {
    instance: {
      title: 'Der Instanz einen Namen geben',
      sentence: 'Der Name und eine Adresse für Hilfe stehen auf der Anmeldeseite, der Name auch in der Seitenleiste.',
      action: 'Namen speichern',
    },
    users: {
      title: 'Benutzer hinzufügen',
      sentence:
        'Geben Sie jedem Benutzer eine Rolle. Die Anmeldung geht mit einem Passwort, das Sie weitergeben, oder mit einem Einmal-Link.',
      action: 'Benutzer hinzufügen',
      state: 'Bisher {n} Benutzer. | Bisher {n} Benutzer.',
    },
    workspace: {
      title: 'Einen Arbeitsbereich anlegen',
      sentence: 'In einem Arbeitsbereich chatten die Mitglieder und legen Dokumente ab.',
      action: 'Neuer Arbeitsbereich',
      state: 'Noch keine Arbeitsbereiche. | Bisher {n} Arbeitsbereich. | Bisher {n} Arbeitsbereiche.',
    },
    members: {
      title: 'Mitglieder hinzufügen',
      sentence: 'Öffnen Sie einen Arbeitsbereich und wählen Sie seine Mitglieder.',
      action: 'Mitglieder wählen',
      state: 'Noch keine Mitglieder. | Bisher {n} Mitgliedschaft. | Bisher {n} Mitgliedschaften.',
    },
    address: {
      title: 'Adresse und TLS einstellen',
      sentence:
        'Starten Sie den Server mit PUBLIC_URL als der https-Adresse, die Ihre Benutzer öffnen werden. Derzeit erreichbar unter {address}.',
      noAddress:
        'Starten Sie den Server mit PUBLIC_URL als der https-Adresse, die Ihre Benutzer öffnen werden. Noch ist keine Adresse gesetzt.',
      noTls: '{address} ist nicht https. Passwörter würden unverschlüsselt übertragen.',
      done: 'Benutzer öffnen diese Instanz unter {address}.',
    },
    preview: {
      title: 'Sehen, was ein Standardbenutzer sieht',
      sentence: 'Sobald ein Standardbenutzer in einem Arbeitsbereich ist, steht seine Ansicht hier.',
      sees: '{name} sieht nach der Anmeldung diese Arbeitsbereiche: {workspaces}. Alles andere ist verborgen.',
    },
  },
  instanceName: 'Name der Instanz',
  supportAddress: 'Adresse für Hilfe',
  supportHelp:
    'Steht auf der Anmeldeseite für Benutzer, die ihr Passwort vergessen haben: eine E-Mail-Adresse oder eine Seite wie https://example.com/hilfe.',
  saved: 'Name gespeichert',
}
