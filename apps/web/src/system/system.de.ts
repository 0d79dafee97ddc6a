import type { Same } from '../i18n/shape.ts'
import type { systemEn } from './system.en.ts'

/** The system settings, in German. */
export const systemDe: Same<typeof systemEn> = {
  title: 'System',
  sentence: 'Einstellungen für alle Organisationen dieser Instanz.',
  instance: {
    title: 'Instanz',
    sentence: 'Steht auf der Anmeldeseite, in der Seitenleiste und in Seitentiteln.',
    name: 'Name',
    nameHelp: '1 bis 60 Zeichen.',
  },
  support: {
    title: 'Kontakt für Hilfe',
    sentence: 'Steht auf der Anmeldeseite, auf der Startseite und im Kontomenü.',
    address: 'Adresse für Hilfe',
    addressHelp: 'Eine E-Mail-Adresse oder eine Seite wie https://example.com/hilfe.',
  },
  time: {
    title: 'Zeitzone',
    sentence: 'Voreinstellung für neue Organisationen. Bestehende ändern sich nicht.',
    zone: 'Voreingestellte Zeitzone',
  },
  save: 'Änderungen speichern',
  saved: 'Systemeinstellungen gespeichert',
}
