import type { Same } from '../i18n/shape.ts'
import type { systemEn } from './system.en.ts'

/** Texts about the system settings, in German. */
export const systemDe: Same<typeof systemEn> = {
  title: 'System',
  sentence: 'Was alle in dieser Instanz sehen, gleich in welcher Organisation.',
  instance: {
    title: 'Instanz',
    sentence: 'Steht auf der Anmeldeseite, in der Seitenleiste und im Titel jeder Seite.',
    name: 'Name',
    nameHelp: '1 bis 60 Zeichen.',
  },
  support: {
    title: 'Hilfe',
    sentence: 'Steht dort, wo jemand das Passwort vergessen hat oder gesperrt wurde, auf der Startseite und im eigenen Menü von allen.',
    address: 'Adresse für Hilfe',
    addressHelp: 'Eine E-Mail-Adresse oder eine Seite wie https://example.com/hilfe.',
  },
  time: {
    title: 'Zeitzone',
    sentence: 'Womit neue Organisationen beginnen. Die vorhandenen behalten ihre.',
    zone: 'Voreingestellte Zeitzone',
  },
  save: 'Änderungen speichern',
  saved: 'Die Systemeinstellungen sind gespeichert',
}
