import { randomBytes } from 'node:crypto'
import type { PrismaClient } from '../generated/client.ts'

/** The instance's keys. */
export interface InstanceKeys {
  /** 32 bytes: the key of the HMACs for rate limits and preview tokens. */
  hmacKey: Buffer
}

/** Reads the keys of the instance's row. The first node to start creates that row. */
export async function ensureInstance(prisma: PrismaClient): Promise<InstanceKeys> {
  await prisma.$executeRaw`INSERT INTO "instance" ("id", "hmacKey") VALUES (1, ${randomBytes(32)}) ON CONFLICT ("id") DO NOTHING`
  const { hmacKey } = await prisma.instance.findUniqueOrThrow({ where: { id: 1 }, select: { hmacKey: true } })
  return { hmacKey: Buffer.from(hmacKey) }
}

/** Whether the instance has any user. Setup is open only while it has none. */
export async function hasUsers(prisma: Pick<PrismaClient, '$queryRaw'>): Promise<boolean> {
  const [row] = await prisma.$queryRaw<{ any: boolean }[]>`SELECT EXISTS (SELECT 1 FROM "user") AS "any"`
  return row?.any ?? false
}

/**
 * A known text, encrypted with the key of secrets: it tells whether a key is the right one. Null before the first
 * secret.
 */
export async function readSecretCheck(prisma: Pick<PrismaClient, 'instance'>): Promise<Buffer | null> {
  const { secretCheck } = await prisma.instance.findUniqueOrThrow({ where: { id: 1 }, select: { secretCheck: true } })
  return secretCheck && Buffer.from(secretCheck)
}

/** Saves the check of a key, unless another key was used before. Returns the saved one. */
export async function saveSecretCheck(
  prisma: Pick<PrismaClient, 'instance'>,
  secretCheck: Buffer<ArrayBuffer>,
): Promise<Buffer> {
  await prisma.instance.updateMany({ where: { id: 1, secretCheck: null }, data: { secretCheck } })
  return (await readSecretCheck(prisma)) ?? secretCheck
}
