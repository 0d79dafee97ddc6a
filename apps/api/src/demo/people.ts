import type { Role } from '@roster/domain'
import type { WorkspaceWord } from './workspaces.ts'

/** Somebody of the demonstration. */
export interface DemoPerson {
  username: string
  displayName: string
  role: Role
  about: string | null
  workspaces: readonly WorkspaceWord[]
  joinedDaysAgo: number
  /** Null: never signed in. */
  seenHoursAgo: number | null
  suspended: boolean
  dailyLimit: number | null
}

type More = Partial<Pick<DemoPerson, 'role' | 'suspended' | 'dailyLimit'>>

function person(
  displayName: string,
  username: string,
  about: string | null,
  workspaces: readonly WorkspaceWord[],
  joinedDaysAgo: number,
  seenHoursAgo: number | null,
  more: More = {},
): DemoPerson {
  return { username, displayName, role: 'default', about, workspaces, joinedDaysAgo, seenHoursAgo, suspended: false, dailyLimit: null, ...more }
}

export const ORGANIZATION = 'Northwind Instruments'

/** The accounts whose passwords the demonstration prints: one for each role. */
export const KNOWN = { administrator: 'alex.morgan', manager: 'amara.okafor', default: 'john.doe' } as const satisfies Record<Role, string>

const ADMINISTRATOR = { role: 'administrator' } as const
const MANAGER = { role: 'manager' } as const
const SUSPENDED = { suspended: true } as const

export const PEOPLE: readonly DemoPerson[] = [
  person('Alex Morgan', 'alex.morgan', 'Keeps the lights on.', ['company', 'engineering'], 545, 2, ADMINISTRATOR),
  person('Ingrid Sørensen', 'ingrid.sorensen', 'IT and security.', ['company', 'engineering', 'legal'], 520, 20, ADMINISTRATOR),
  person('Amara Okafor', 'amara.okafor', 'Head of customer support.', ['company', 'support', 'field', 'product'], 512, 1, MANAGER),
  person('Mateo Fernández', 'mateo.fernandez', 'Engineering lead.', ['company', 'engineering', 'product', 'research'], 498, 3, MANAGER),
  person('Priya Raghunathan', 'priya.raghunathan', 'Product.', ['company', 'product', 'research', 'marketing', 'relaunch'], 470, 5, MANAGER),
  person('Hannah Lindqvist', 'hannah.lindqvist', 'People and hiring.', ['company', 'people', 'legal'], 402, 27, MANAGER),
  person('Kwame Mensah', 'kwame.mensah', 'Finance.', ['company', 'finance', 'legal'], 365, 49, MANAGER),
  person('John Doe', 'john.doe', 'Answers what customers ask.', ['company', 'support', 'field'], 210, 1, { dailyLimit: 25 }),
  person('Yuki Tanaka', 'yuki.tanaka', 'Support, Asia and Pacific.', ['company', 'support'], 433, 4, { dailyLimit: 40 }),
  person('Fatima Zahra El Amrani', 'fatima.elamrani', 'Support, French and Arabic.', ['company', 'support', 'field'], 388, 6, { dailyLimit: 40 }),
  person('Lukas Weber', 'lukas.weber', 'Support, second line.', ['company', 'support', 'engineering'], 342, 8),
  person('Siobhán Ní Bhriain', 'siobhan.nibhriain', null, ['company', 'support'], 290, 30, { dailyLimit: 25 }),
  person('Tomasz Kowalczyk', 'tomasz.kowalczyk', 'Support, weekends.', ['company', 'support'], 260, 75, { dailyLimit: 25 }),
  person('Aroha Ngata', 'aroha.ngata', 'Support, Pacific.', ['company', 'support', 'field'], 198, 12, { dailyLimit: 25 }),
  person('Bongani Dlamini', 'bongani.dlamini', null, ['company', 'support'], 120, 340, { dailyLimit: 10 }),
  person('Elif Yılmaz', 'elif.yilmaz', 'Support, Turkish.', ['company', 'support'], 41, 22, { dailyLimit: 10 }),
  person('Chen Wei', 'chen.wei', 'Firmware.', ['company', 'engineering'], 486, 2),
  person('Olena Kovalenko', 'olena.kovalenko', 'Back end.', ['company', 'engineering'], 455, 3),
  person('Rajesh Iyer', 'rajesh.iyer', 'Platform.', ['company', 'engineering', 'field'], 440, 7),
  person('Noor van den Berg', 'noor.vandenberg', 'Front end.', ['company', 'engineering', 'relaunch'], 420, 26),
  person('Diego Ramírez', 'diego.ramirez', 'Test and release.', ['company', 'engineering', 'support'], 377, 9),
  person('Zanele Khumalo', 'zanele.khumalo', 'Data.', ['company', 'engineering', 'research'], 311, 52),
  person('Mikkel Østergaard', 'mikkel.ostergaard', 'Mechanics.', ['company', 'engineering', 'field'], 300, 98),
  person('Sofía Castillo', 'sofia.castillo', null, ['company', 'engineering'], 244, 5),
  person('Haruto Nakamura', 'haruto.nakamura', 'Calibration.', ['company', 'engineering', 'field'], 230, 171),
  person('Anneliese Brandt', 'anneliese.brandt', 'Electronics.', ['company', 'engineering'], 190, 28),
  person('Tunde Adebayo', 'tunde.adebayo', null, ['company', 'engineering'], 95, 11),
  person('Minh Anh Nguyễn', 'minhanh.nguyen', 'Working student.', ['company', 'engineering'], 33, 50, { dailyLimit: 10 }),
  person('Charlotte Dubois', 'charlotte.dubois', 'Product design.', ['company', 'product', 'research', 'relaunch'], 405, 10),
  person('Samuel Goldberg', 'samuel.goldberg', 'Roadmap.', ['company', 'product'], 350, 31),
  person('Leilani Kealoha', 'leilani.kealoha', 'Interviews and surveys.', ['company', 'research', 'product'], 215, 54),
  person('Viktor Petrov', 'viktor.petrov', null, ['company', 'product', 'engineering'], 180, 410),
  person('Grace Mutua', 'grace.mutua', 'Accessibility.', ['company', 'research', 'product'], 88, 29),
  person('Emre Demir', 'emre.demir', 'Sales, Türkiye.', ['company', 'sales'], 415, 6, { dailyLimit: 50 }),
  person('Isabella Rossi', 'isabella.rossi', 'Sales, Italy.', ['company', 'sales', 'marketing'], 398, 24, { dailyLimit: 50 }),
  person('Omar Haddad', 'omar.haddad', 'Key accounts.', ['company', 'sales', 'legal'], 360, 13),
  person('Katarzyna Nowak', 'katarzyna.nowak', 'Sales, Poland.', ['company', 'sales'], 310, 77, { dailyLimit: 50 }),
  person('William Thompson', 'william.thompson', 'Sales, United Kingdom.', ['company', 'sales'], 275, 145, { dailyLimit: 50 }),
  person('Nia Williams', 'nia.williams', 'Partners.', ['company', 'sales', 'field'], 160, 33),
  person('Arjun Mehta', 'arjun.mehta', 'Sales, India.', ['company', 'sales'], 70, 8, { dailyLimit: 50 }),
  person('Beatriz Almeida', 'beatriz.almeida', 'Campaigns.', ['company', 'marketing', 'relaunch'], 390, 25),
  person('Jonas Bergström', 'jonas.bergstrom', 'Trade fairs.', ['company', 'marketing'], 320, 216),
  person('Mei-Ling Chang', 'meiling.chang', 'Words.', ['company', 'marketing', 'product', 'relaunch'], 285, 7),
  person('Adaeze Nwosu', 'adaeze.nwosu', 'Social media.', ['company', 'marketing'], 102, 51),
  person('Pierre Lefèvre', 'pierre.lefevre', null, ['company', 'marketing'], 60, null),
  person('Ruth Abrahams', 'ruth.abrahams', 'Hiring.', ['company', 'people'], 330, 32),
  person('Kofi Asante', 'kofi.asante', 'Payroll.', ['company', 'people', 'finance'], 305, 99),
  person('Signe Jørgensen', 'signe.jorgensen', 'Learning.', ['company', 'people'], 140, 240),
  person('Dmitri Volkov', 'dmitri.volkov', 'Accounts.', ['company', 'finance'], 345, 56),
  person('Aisha Siddiqui', 'aisha.siddiqui', 'Controlling.', ['company', 'finance'], 255, 35),
  person('Hugo Martins', 'hugo.martins', 'Purchasing.', ['company', 'finance', 'legal'], 170, 120),
  person('Catherine O’Neill', 'catherine.oneill', 'Counsel.', ['company', 'legal'], 280, 58),
  person('Farid Rahimi', 'farid.rahimi', 'Field engineer.', ['company', 'field'], 145, 168),
  person('Malia Tupou', 'malia.tupou', 'Field engineer.', ['company', 'field', 'support'], 118, 80),
  person('Ewa Zielińska', 'ewa.zielinska', 'Left in spring.', ['company', 'sales'], 370, 2_900, SUSPENDED),
  person('Greg Sanders', 'greg.sanders', 'Contractor, until June.', ['engineering', 'relaunch'], 250, 1_700, SUSPENDED),
  person('Nadia Benali', 'nadia.benali', 'On leave.', ['company', 'marketing'], 295, 1_150, SUSPENDED),
  person('Tariq Hassan', 'tariq.hassan', 'Starts next month.', ['company'], 4, null),
  person('Lucía Herrera', 'lucia.herrera', null, ['company', 'support'], 2, null, { dailyLimit: 10 }),
  person('Sam Taylor', 'sam.taylor', 'Starts on Monday.', [], 1, null),
]
