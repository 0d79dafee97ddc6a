import type { Same } from '../i18n/shape.ts'
import type { setupEn } from './setup.en.ts'

/** The checklist after setup, in German. */
export const setupDe: Same<typeof setupEn> = {
  title: 'Erste Schritte',
  sentence: 'Was diese Instanz bereit macht. Jeder Schritt wird am wirklichen Zustand abgelesen und hakt sich selbst ab.',
  progress: '{done} von {all} erledigt',
  doneState: 'Erledigt',
  openState: 'Offen',
  allDone: 'Alles ist bereit.',
  steps: {
    instance: {
      title: 'Der Instanz einen Namen geben',
      sentence: 'Der Name steht auf der Anmeldeseite und in der Seitenleiste, dazu eine Adresse für alle, die Hilfe brauchen.',
      action: 'Namen speichern',
    },
    users: {
      title: 'Personen hinzufügen',
      sentence: 'Geben Sie jeder eine Rolle. Sie melden sich mit einem übergebenen Passwort oder einem Einmal-Link an.',
      action: 'Benutzer hinzufügen',
      state: 'Bisher {n} Konto. | Bisher {n} Konten.',
    },
    workspace: {
      title: 'Einen Arbeitsbereich anlegen',
      sentence: 'In einem Arbeitsbereich sprechen Mitglieder miteinander und legen Dokumente ab.',
      action: 'Neuer Arbeitsbereich',
      state: 'Noch kein Arbeitsbereich. | Bisher {n} Arbeitsbereich. | Bisher {n} Arbeitsbereiche.',
    },
    members: {
      title: 'Personen hineinnehmen',
      sentence: 'Öffnen Sie einen Arbeitsbereich und wählen Sie seine Mitglieder.',
      action: 'Mitglieder wählen',
      state: 'Noch keine Mitglieder. | Bisher {n} Mitgliedschaft. | Bisher {n} Mitgliedschaften.',
    },
    address: {
      title: 'Adresse und TLS einstellen',
      sentence: 'Starten Sie den Server mit PUBLIC_URL als der https-Adresse, die alle benutzen werden. Jetzt ist es {address}.',
      noAddress: 'Starten Sie den Server mit PUBLIC_URL als der https-Adresse, die alle benutzen werden. Jetzt ist keine gesetzt.',
      noTls: 'Die Adresse {address} ist nicht https: Passwörter wären unterwegs ungeschützt.',
      done: 'Diese Instanz ist unter {address} erreichbar.',
    },
    look: {
      title: 'Sehen, was ein Standardbenutzer sieht',
      sentence: 'Sobald jemand mit der Rolle Standardbenutzer in einem Arbeitsbereich ist, steht es hier.',
      sees: '{name} kommt auf eine Startseite mit: {workspaces}. Sonst antwortet dort nichts.',
    },
  },
  instanceName: 'Name der Instanz',
  supportAddress: 'Adresse für Hilfe',
  supportHint: 'Steht auf der Anmeldeseite für alle, die ihr Passwort vergessen haben: eine E-Mail-Adresse oder eine Seite wie https://example.com/hilfe.',
  named: 'Die Instanz hat ihren Namen',
}
